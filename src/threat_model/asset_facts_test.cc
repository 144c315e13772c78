#include "threat_model/asset_facts.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

ArtifactReport Artifact(std::string path, std::uint64_t size, std::string format,
                        std::map<std::string, std::string> facts = {}) {
  ArtifactReport report;
  report.path = std::move(path);
  report.size = size;
  report.format = std::move(format);
  report.facts = std::move(facts);
  return report;
}

Asset Owner(std::string id, AssetKind kind, std::vector<std::size_t> artifacts) {
  return {std::move(id), kind, "", "", Verdict::kClean, std::move(artifacts)};
}

TEST(AssetFacts, ADatasetIsAllOfItsFiles) {
  const std::vector<ArtifactReport> artifacts = {Artifact("a.jsonl", 100, "json"), Artifact("b.csv", 25, "text")};
  const auto facts = ReadAssetFacts(std::vector<Asset>{Owner("corpus", AssetKind::kDataset, {0, 1})}, artifacts);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].asset, "corpus");
  EXPECT_EQ(facts[0].bits, 1000);
  EXPECT_EQ(facts[0].vocabulary, 0);
}

TEST(AssetFacts, AModelIsItsSmallestCopy) {
  const std::vector<ArtifactReport> artifacts = {
      Artifact("1.safetensors", 40, "safetensors", {{"parameters", "10"}}),
      Artifact("2.safetensors", 40, "safetensors", {{"parameters", "10"}}),
      Artifact("m.gguf", 30, "gguf", {{"parameters", "20"}, {"vocabulary", "32000"}}),
      Artifact("config.json", 7, "json", {{"vocabulary", "32016"}}),
      Artifact("README.md", 9000, "text"),
  };
  const auto shards = ReadAssetFacts(std::vector<Asset>{Owner("m", AssetKind::kModel, {0, 1, 3, 4})}, artifacts);
  EXPECT_EQ(shards[0].bits, 640) << "two shards, and neither the config nor the text beside them";
  EXPECT_EQ(shards[0].vocabulary, 32016);
  const auto both = ReadAssetFacts(std::vector<Asset>{Owner("m", AssetKind::kModel, {0, 1, 2, 3})}, artifacts);
  EXPECT_EQ(both[0].bits, 240);
  EXPECT_EQ(both[0].vocabulary, 32016);
}

TEST(AssetFacts, WhatIsNoCountIsNotKnown) {
  const std::vector<ArtifactReport> artifacts = {
      Artifact("m.bin", 40, "gguf", {{"parameters", "many"}, {"vocabulary", "-3"}})};
  const auto facts = ReadAssetFacts(
      std::vector<Asset>{Owner("m", AssetKind::kModel, {0, 7}), Owner("e", AssetKind::kEndpoint, {})}, artifacts);
  ASSERT_EQ(facts.size(), 1u) << "an endpoint has no files";
  EXPECT_EQ(facts[0].bits, 0);
  EXPECT_EQ(facts[0].vocabulary, 0);
}

}  // namespace
}  // namespace ringfort
