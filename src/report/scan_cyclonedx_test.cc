#include "report/scan_cyclonedx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::MatchesRegex;

Json Parse(const std::string& text) {
  EXPECT_TRUE(IsValidUtf8(text));
  const auto parsed = ParseJson(text);
  EXPECT_TRUE(parsed.ok());
  return parsed.ok() ? parsed.value() : Json();
}

TEST(CycloneDx, AModelHasHashLicenceAndCard) {
  const Json document = Parse(WriteScanCycloneDx(sample::Scan()));
  EXPECT_EQ(document["specVersion"], "1.6");
  const Json& model = document["components"][1];
  EXPECT_EQ(model["type"], "machine-learning-model");
  EXPECT_EQ(model["name"], "Newsroom Chat");
  EXPECT_EQ(model["hashes"][0]["content"], std::string(64, 'b'));
  EXPECT_EQ(model["licenses"][0]["license"]["id"], "Apache-2.0");
  EXPECT_EQ(model["modelCard"]["modelParameters"]["modelArchitecture"], "llama");
  EXPECT_EQ(model["pedigree"]["ancestors"][0]["name"], "example/base");
}

TEST(CycloneDx, ALicenceThatSpdxDoesNotKnowIsAName) {
  const Json document = Parse(WriteScanCycloneDx(sample::Scan()));
  EXPECT_EQ(document["components"][4]["licenses"][0]["license"]["name"], "Newsroom House Licence");
}

TEST(CycloneDx, WithoutADigestThereIsNoHash) {
  const Json document = Parse(WriteScanCycloneDx(sample::Scan()));
  EXPECT_FALSE(document["components"][2].contains("hashes"));
  EXPECT_EQ(document["components"][2]["type"], "file");
  EXPECT_EQ(document["compositions"][0]["assemblies"], Json::array({"artifact-2"}));
}

TEST(CycloneDx, TheTypeFollowsTheFormat) {
  const auto type = [](const char* format, const char* fact) {
    ScanResult scan;
    scan.artifacts.resize(1);
    scan.artifacts[0].format = format;
    if (*fact) scan.artifacts[0].facts[fact] = "x";
    return Parse(WriteScanCycloneDx(scan))["components"][0]["type"].get<std::string>();
  };
  EXPECT_EQ(type("pytorch-legacy", ""), "machine-learning-model");
  EXPECT_EQ(type("zip", "architecture"), "machine-learning-model");
  EXPECT_EQ(type("json", "architecture"), "file") << "a configuration beside the weights";
  EXPECT_EQ(type("numpy", ""), "data");
  EXPECT_EQ(type("elf", ""), "file");
}

TEST(CycloneDx, FindingsAreGroupedByRuleAndByPolicy) {
  const Json document = Parse(WriteScanCycloneDx(sample::Scan()));
  const Json& list = document["vulnerabilities"];
  ASSERT_EQ(list.size(), 5u);
  EXPECT_EQ(list[1]["id"], "RF-SMP-001");
  EXPECT_EQ(list[1]["cwes"], Json::array({502}));
  EXPECT_EQ(list[1]["ratings"][0]["severity"], "critical");
  EXPECT_EQ(list[1]["affects"][0]["ref"], "artifact-0");
  EXPECT_EQ(list[3]["analysis"]["response"][0], "will_not_fix");
}

TEST(CycloneDx, TheSerialNumberFollowsTheInventory) {
  ScanResult scan = sample::Scan();
  const std::string before = Parse(WriteScanCycloneDx(scan))["serialNumber"];
  EXPECT_THAT(before, MatchesRegex("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  scan.seconds += 1;
  EXPECT_EQ(Parse(WriteScanCycloneDx(scan))["serialNumber"], before);
  scan.artifacts[0].sha256 = std::string(64, 'f');
  EXPECT_NE(Parse(WriteScanCycloneDx(scan))["serialNumber"], before);
}

TEST(CycloneDx, TiesBecomeDependenciesAndTrainingData) {
  const Json document = Parse(WriteAssessmentCycloneDx(sample::Assess()));
  EXPECT_EQ(document["metadata"]["component"]["name"], "examples/newsroom");
  const Json& writer = document["components"][sample::Scan().artifacts.size() + 1];
  EXPECT_EQ(writer["modelCard"]["modelParameters"]["datasets"][0]["ref"], "asset-corpus");
  const Json& dependency = document["dependencies"][2];
  EXPECT_EQ(dependency["ref"], "asset-writer");
  EXPECT_EQ(dependency["dependsOn"], Json::array({"asset-corpus", "artifact-0"}));
  EXPECT_EQ(document["dependencies"][3]["dependsOn"], Json::array({"artifact-1"})) << "a tie to nobody leads nowhere";
}

}  // namespace
}  // namespace ringfort
