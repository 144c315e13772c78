#include "application/graph_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "formats/archive/sample_archive.h"
#include "knowledge/exchange/export.h"

namespace ringfort {
namespace {

using formats::SampleMember;
using formats::SampleZip;
using ::testing::ElementsAre;

std::string Record(const std::string& id, const std::string& artifact) {
  return R"({"data_type": "AVID", "data_version": "0.2", "metadata": {"report_id": ")" + id +
         R"("}, "affects": {"artifacts": [{"type": "Model", "name": ")" + artifact +
         R"("}]}, "problemtype": {"description": {"value": "x"}}})";
}

// Folders, texts and a program beside two records, as in a repository's archive.
SampleZip Archive() {
  SampleZip zip;
  zip.members = {{.name = "avid-db/", .content = ""},
                 {.name = "avid-db/README.md", .content = "# AVID"},
                 {.name = "avid-db/reports/2026/R1.json", .content = Record("AVID-2026-R0001", "gpt"), .deflate = true},
                 {.name = "avid-db/reports/2026/R2.json", .content = Record("AVID-2026-R0002", "gpt")},
                 {.name = "avid-db/check.py", .content = "print()"}};
  return zip;
}

knowledge::Import Read(const std::string& bytes, const GraphArchiveLimits& limits = {}) {
  auto import = ImportGraphArchive(bytes, "avid.zip", limits);
  EXPECT_TRUE(import.ok()) << import.error().what;
  return import.ok() ? std::move(import).value() : knowledge::Import{};
}

std::string Fault(const std::string& bytes) {
  const auto import = ImportGraphArchive(bytes, "avid.zip");
  return import.ok() ? "none" : import.error().what;
}

TEST(GraphArchive, IsItsRecordsOneAfterTheOther) {
  const knowledge::Import import = Read(Archive().Bytes());
  EXPECT_TRUE(import.warnings.empty());
  EXPECT_NE(import.graph.Find("AVID-2026-R0001"), knowledge::kNoIndex);
  EXPECT_NE(import.graph.Find("AVID-2026-R0002"), knowledge::kNoIndex);

  knowledge::ThreatGraph apart;
  for (const auto& [name, id] : {std::pair("R1.json", "AVID-2026-R0001"), std::pair("R2.json", "AVID-2026-R0002")})
    apart.Add(knowledge::ImportAny(Record(id, "gpt"), name).value().graph);
  EXPECT_EQ(knowledge::ExportGraph(import.graph), knowledge::ExportGraph(apart));

  knowledge::ThreatGraph twice = import.graph;
  twice.Add(Read(Archive().Bytes()).graph);
  EXPECT_EQ(knowledge::ExportGraph(twice), knowledge::ExportGraph(apart)) << "the same zip twice is the same graph";
}

TEST(GraphArchive, EachFaultIsALine) {
  SampleZip zip = Archive();
  zip.members.push_back({.name = "a/list.json", .content = "{\"a\": 1,\n \"b\" 2}"});
  zip.members.push_back({.name = "a/other.json", .content = "{\"kind\": \"something else\"}"});
  zip.members.push_back({.name = "a/wrong.json", .content = Record("AVID-1", "x"), .crc_error = 1});
  zip.members.push_back({.name = "a/sealed.json", .content = "1", .local_flags = 1, .central_flags = 1});
  zip.members.push_back({.name = "a/hidden.json", .content = Record("AVID-2", "x"), .listed = false});
  zip.members.push_back({.name = "a/two.json", .content = Record("AVID-3", "x"), .local_name = "a/too.json"});
  zip.members.push_back({.name = "avid-db/reports/2026/R1.json", .content = Record("AVID-4", "x")});
  zip.members.push_back({.name = "a/nameless.json", .content = R"({"data_type": "AVID"})"});
  const knowledge::Import import = Read(zip.Bytes());
  EXPECT_THAT(import.warnings,
              ElementsAre(::testing::StartsWith("avid.zip!/a/list.json:2: "),
                          ::testing::StartsWith("avid.zip!/a/other.json:1: none of what is read"),
                          "avid.zip!/a/wrong.json: its checksum is wrong", "avid.zip!/a/sealed.json: it is encrypted",
                          "avid.zip!/a/hidden.json: the directory does not list it, so it is left out",
                          "avid.zip!/a/two.json: its two headers disagree, so it is left out",
                          "avid.zip!/avid-db/reports/2026/R1.json: a second member of this name is left out",
                          "avid.zip!/a/nameless.json:1: a record without an id; it is 'avid.nameless' here"));
  for (const char* id : {"AVID-1", "AVID-2", "AVID-3", "AVID-4"})
    EXPECT_EQ(import.graph.Find(id), knowledge::kNoIndex) << id;
  EXPECT_NE(import.graph.Find("avid.nameless"), knowledge::kNoIndex);
}

TEST(GraphArchive, KeepsWithinItsBounds) {
  SampleZip zip = Archive();
  const std::string long_record = Record("AVID-9", std::string(1'000'000, 'x'));
  zip.members.push_back({.name = "bomb.json", .content = long_record, .deflate = true});
  EXPECT_THAT(Read(zip.Bytes()).warnings, ElementsAre("avid.zip!/bomb.json: it swells more than 100-fold"));

  GraphArchiveLimits limits;
  limits.ratio = 10'000;
  limits.member_bytes = 500'000;
  EXPECT_THAT(Read(zip.Bytes(), limits).warnings,
              ElementsAre(::testing::ContainsRegex("bomb.json: 1000[0-9]* bytes, more than 500000")));
  limits.member_bytes = 2'000'000;
  limits.all_bytes = 900'000;
  EXPECT_THAT(Read(zip.Bytes(), limits).warnings,
              ElementsAre("avid.zip!/bomb.json: more than 900000 bytes in all members"));

  SampleZip noisy = Archive();
  for (int i = 0; i < 10; ++i) noisy.members.push_back({.name = std::to_string(i) + ".json", .content = "["});
  limits = {};
  limits.warnings = 3;
  const auto warnings = Read(noisy.Bytes(), limits).warnings;
  ASSERT_EQ(warnings.size(), 4u);
  EXPECT_EQ(warnings.back(), "avid.zip: 7 more warnings are left out");
  limits.members = 4;
  EXPECT_THAT(Read(Archive().Bytes(), limits).warnings,
              ::testing::Contains("avid.zip: more than 4 members; the rest is left out"));
}

TEST(GraphArchive, WhatIsNoArchiveOfRecordsIsAnError) {
  EXPECT_TRUE(LooksLikeZip(Archive().Bytes()));
  EXPECT_FALSE(LooksLikeZip("PK"));
  EXPECT_FALSE(LooksLikeZip("{}"));
  EXPECT_NE(Fault("{}").find("avid.zip: no zip that can be read"), std::string::npos);
  SampleZip texts;
  texts.members = {{.name = "README.md", .content = "x"}};
  EXPECT_EQ(Fault(texts.Bytes()), "avid.zip: no member of the archive ends with .json");
  texts.members.push_back({.name = "package.json", .content = "{}"});
  EXPECT_NE(Fault(texts.Bytes())
                .find("avid.zip: none of 1 JSON members holds threat records; the first: "
                      "avid.zip!/package.json:1: "),
            std::string::npos);
}

TEST(GraphArchive, SurvivesDamage) {
  const std::string whole = Archive().Bytes();
  for (std::size_t size = 0; size < whole.size(); ++size)
    static_cast<void>(ImportGraphArchive(whole.substr(0, size), "avid.zip"));
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    for (int flips = 0; flips < 4; ++flips) damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    static_cast<void>(ImportGraphArchive(damaged, "avid.zip"));
  }
}

TEST(GraphArchive, ReadsTheAvidDatabase) {
  std::ifstream file(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/avid-records.zip", std::ios::binary);
  if (!file) GTEST_SKIP() << "the shared data is not here";
  std::ostringstream bytes;
  bytes << file.rdbuf();
  const knowledge::Import import = Read(bytes.str());
  const auto& nodes = import.graph.nodes();
  const auto count = [&](knowledge::NodeKind kind) {
    return std::count_if(nodes.begin(), nodes.end(), [&](const knowledge::Node& node) { return node.kind == kind; });
  };
  EXPECT_EQ(count(knowledge::NodeKind::kReport) + count(knowledge::NodeKind::kVulnerability), 60)
      << "48 reports and 12 vulnerabilities";
}

}  // namespace
}  // namespace ringfort
