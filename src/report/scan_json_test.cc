#include "report/scan_json.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "report/assessment_json.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

Json Parse(const std::string& text) {
  EXPECT_TRUE(IsValidUtf8(text));
  const auto parsed = ParseJson(text);
  EXPECT_TRUE(parsed.ok());
  return parsed.ok() ? parsed.value() : Json();
}

TEST(ScanJson, HasTheAgreedShape) {
  const Json document = Parse(WriteScanJson(sample::Scan()));
  EXPECT_EQ(document["schema"], "ringfort.scan/1");
  const Json& artifact = document["artifacts"][0];
  EXPECT_EQ(artifact["path"], "models/headline writer.pt");
  EXPECT_EQ(artifact["sha256"], std::string(64, 'a'));
  EXPECT_EQ(artifact["size"], 48'211'904);
  EXPECT_EQ(artifact["format"], "pytorch-zip");
  EXPECT_EQ(artifact["verdict"], "malicious");
  const Json& finding = artifact["findings"][0];
  EXPECT_EQ(finding["rule"], "RF-SMP-001");
  EXPECT_EQ(finding["severity"], "critical");
  EXPECT_EQ(finding["title"], sample::kPickle.title);
  EXPECT_EQ(finding["where"]["container"], "models/headline writer.pt!/archive/data.pkl");
  EXPECT_EQ(finding["where"]["offset"], 31);
  EXPECT_EQ(finding["threats"], Json::array({"supply_chain.unsafe_deserialization", "AML.T0011.000", "CWE-502"}));
  EXPECT_TRUE(finding["suppressed"].is_null());
}

TEST(ScanJson, UnknownIsNullNeverAMagicNumber) {
  const Json document = Parse(WriteScanJson(sample::Scan()));
  EXPECT_TRUE(document["artifacts"][0]["findings"][1]["where"]["offset"].is_null());
  EXPECT_TRUE(document["artifacts"][2]["sha256"].is_null());
  EXPECT_EQ(document["artifacts"][2]["skipped"][0]["offset"], 512);
  EXPECT_TRUE(document["artifacts"][2]["skipped"][1]["offset"].is_null());
}

TEST(ScanJson, SummaryCountsAndSuppressedStaysVisible) {
  const Json document = Parse(WriteScanJson(sample::Scan()));
  EXPECT_EQ(document["summary"]["verdicts"]["malicious"], 1);
  EXPECT_EQ(document["summary"]["verdicts"]["incomplete"], 1);
  EXPECT_EQ(document["summary"]["verdicts"]["clean"], 9);
  EXPECT_EQ(document["summary"]["suppressed"], 1);
  EXPECT_EQ(document["summary"]["cached"], 5);
  EXPECT_EQ(document["artifacts"][1]["findings"][1]["suppressed"],
            "a documented example key, accepted until 2027-01-01");
}

TEST(ScanJson, AnUnknownRuleIsReportedUnderItsId) {
  const Json document = Parse(WriteScanJson(sample::Scan()));
  EXPECT_EQ(document["artifacts"][3]["findings"][0]["rule"], "RF-OLD-009");
  EXPECT_EQ(document["artifacts"][3]["findings"][0]["threats"], Json::array());
}

TEST(ScanJson, EmptyScanAndRepetition) {
  const Json document = Parse(WriteScanJson({}));
  EXPECT_EQ(document["artifacts"], Json::array());
  EXPECT_EQ(document["roots"], Json::array());
  EXPECT_EQ(WriteScanJson(sample::Scan()), WriteScanJson(sample::Scan()));
}

TEST(AssessmentJson, CarriesAssetsTiesAxesAndPlan) {
  const Json document = Parse(WriteAssessmentJson(sample::Assess()));
  EXPECT_EQ(document["schema"], "ringfort.assessment/1");
  EXPECT_EQ(document["verdict"], "malicious");
  EXPECT_EQ(document["seed"], 42);
  EXPECT_EQ(document["assets"][1]["artifacts"], Json::array({"models/headline writer.pt"}));
  EXPECT_TRUE(document["assets"][1]["inferred"].is_null());
  EXPECT_EQ(document["ties"][0]["relation"], "trained_on");
  EXPECT_EQ(document["axes"]["data_to_model"], 1);
  EXPECT_EQ(document["axes"]["model_to_data"], 0) << "the leaked key is suppressed";
  EXPECT_EQ(document["plan"][3]["reason"], "not available: arrives with the threat graph");
  EXPECT_EQ(document["scan"]["schema"], "ringfort.scan/1");
  EXPECT_EQ(document["findings"][0]["asset"], "writer");
}

}  // namespace
}  // namespace ringfort
