#include "report/scan_sarif.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/json.h"
#include "base/text.h"
#include "report/reasoning_sample_internal.h"
#include "report/report_sample_internal.h"
#include "report/uri_internal.h"

namespace ringfort {
namespace {

Json RunOf(const ScanResult& scan) {
  const std::string text = WriteScanSarif(scan);
  EXPECT_TRUE(IsValidUtf8(text));
  const auto parsed = ParseJson(text);
  EXPECT_TRUE(parsed.ok());
  return parsed.ok() ? parsed.value()["runs"][0] : Json();
}

TEST(PathToUri, EncodesWhatWouldEndOrChangeThePath) {
  EXPECT_EQ(PathToUri("models/a b.pt"), "models/a%20b.pt");
  EXPECT_EQ(PathToUri("./a#?%:\xff"), "a%23%3F%25%3A%FF");
  EXPECT_EQ(PathToUri("/srv/x"), "file:///srv/x");
}

TEST(ScanSarif, RulesCarryScoreTagsAndTaxa) {
  const Json run = RunOf(sample::Scan());
  const Json& rule = run["tool"]["driver"]["rules"][0];
  EXPECT_EQ(rule["id"], "RF-SMP-001");
  EXPECT_EQ(rule["properties"]["security-severity"], "9.5");
  EXPECT_EQ(rule["defaultConfiguration"]["level"], "error");
  EXPECT_EQ(rule["properties"]["tags"][3], "external/cwe/cwe-502");
  const Json& target = rule["relationships"][1]["target"];
  EXPECT_EQ(target["id"], "CWE-502");
  EXPECT_EQ(run["taxonomies"][0]["taxa"][target["index"].get<std::size_t>()]["id"], "CWE-502");
}

TEST(ScanSarif, OffsetsOfMembersAreNotOffsetsOfTheFile) {
  const Json run = RunOf(sample::Scan());
  const Json& in_member = run["results"][0]["locations"][0];
  EXPECT_FALSE(in_member["physicalLocation"].contains("region"));
  EXPECT_EQ(in_member["logicalLocations"][0]["name"], "archive/data.pkl");
  EXPECT_EQ(in_member["logicalLocations"][0]["properties"]["offset"], 31);
  EXPECT_EQ(in_member["physicalLocation"]["artifactLocation"]["uri"], "models/headline%20writer.pt");
  const Json& in_file = run["results"][2]["locations"][0];
  EXPECT_EQ(in_file["physicalLocation"]["region"]["byteOffset"], 4096);
  EXPECT_FALSE(in_file.contains("logicalLocations"));
}

TEST(ScanSarif, SuppressedFindingsStayAndSaySo) {
  const Json run = RunOf(sample::Scan());
  EXPECT_EQ(run["results"].size(), 5u);
  EXPECT_TRUE(run["results"][0]["suppressions"].empty());
  EXPECT_EQ(run["results"][3]["suppressions"][0]["justification"],
            "a documented example key, accepted until 2027-01-01");
}

TEST(ScanSarif, IncompleteArtifactsAreNotifications) {
  const Json run = RunOf(sample::Scan());
  const Json& notifications = run["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(notifications.size(), 2u);
  EXPECT_EQ(notifications[1]["message"]["text"], "Not read: end header: checksum does not fit");
}

TEST(ScanSarif, AnUnknownRuleHasNoIndex) {
  const Json run = RunOf(sample::Scan());
  EXPECT_EQ(run["results"][4]["ruleId"], "RF-OLD-009");
  EXPECT_FALSE(run["results"][4].contains("ruleIndex"));
}

TEST(AssessmentSarif, CarriesWhatWasReasonedInPropertyBags) {
  Assessment assessment = sample::AssessAndReason();
  assessment.reasoning->loop_gain = 1.25;
  const auto run_of = [](const Assessment& one) { return ParseJson(WriteAssessmentSarif(one)).value()["runs"][0]; };
  Json run = run_of(assessment);
  EXPECT_EQ(run["properties"]["loop_gain"]["value"], 1.25);
  EXPECT_TRUE(run["properties"]["loop_gain"]["ground"].is_string());
  EXPECT_EQ(run["properties"]["loop"].size(), assessment.reasoning->loop.size());
  std::size_t results_with_states = 0;
  for (Json& result : run["results"]) {
    if (!result["properties"].contains("states")) continue;
    ++results_with_states;
    EXPECT_EQ(result["properties"]["states"], Json::array({"writer: carries_payload"}));
    EXPECT_EQ(result["level"], "error");
    result["properties"].erase("states");
  }
  EXPECT_EQ(results_with_states, 1u);
  // The rest is the scan's own document.
  run.erase("properties");
  EXPECT_EQ(run, RunOf(assessment.scan));
  assessment.reasoning.reset();
  EXPECT_EQ(run_of(assessment), RunOf(assessment.scan));
}

TEST(AssessmentSarif, SurvivesHostileTextAndNumbers) {
  Assessment assessment = sample::HostileAssessment();
  assessment.reasoning->loop_gain = std::numeric_limits<double>::infinity();
  assessment.reasoning->loop = {999'999};
  const std::string text = WriteAssessmentSarif(assessment);
  EXPECT_TRUE(IsValidUtf8(text));
  const auto parsed = ParseJson(text);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.value()["runs"][0]["properties"]["loop_gain"]["value"].is_null());
  EXPECT_EQ(parsed.value()["runs"][0]["properties"]["loop_gain"]["value_word"], "infinite");
}

TEST(ScanSarif, FingerprintsFollowTheFindingNotItsOffset) {
  ScanResult scan = sample::Scan();
  const Json before = RunOf(scan)["results"];
  scan.artifacts[0].findings[0].where.offset = 99;
  const Json moved = RunOf(scan)["results"];
  EXPECT_EQ(before[0]["partialFingerprints"], moved[0]["partialFingerprints"]);
  EXPECT_NE(before[0]["partialFingerprints"], before[1]["partialFingerprints"]);
}

}  // namespace
}  // namespace ringfort
