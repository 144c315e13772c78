#include "study/scan_occurrences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace ringfort::study {
namespace {

using testing::HasSubstr;

constexpr std::string_view kScan = R"({"schema": "ringfort.scan/1", "roots": ["repo/"], "artifacts": [
  {"path": "repo/models/a.pkl", "sha256": "0123456789abcdef0123", "findings": [
    {"rule": "RF-PKL-001", "severity": "critical", "threats": ["supply_chain.code_execution", "AML.T0011.000", "CWE-502", "CWE-94"], "suppressed": null},
    {"rule": "RF-PKL-009", "severity": "high", "threats": [], "suppressed": "known"}], "skipped": []},
  {"path": "repo/b.txt", "sha256": null, "findings": [{"rule": "RF-TXT-001", "severity": "low", "threats": []}],
   "skipped": [{"what": "x"}]}]})";

ScanOccurrences Read(Grouping grouping, ComponentKind component, std::string_view text = kScan) {
  const auto read = ReadScanOccurrences(text, "f.json", "mine", grouping, component);
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().what);
  return read.ok() ? read.value() : ScanOccurrences{};
}

TEST(ScanOccurrences, AFindingOccursInTheTopFolder) {
  const ScanOccurrences read = Read(Grouping::kRule, ComponentKind::kFolder);
  ASSERT_EQ(read.occurrences.size(), 2u);
  EXPECT_EQ(read.occurrences[0].weakness, "RF-PKL-001");
  EXPECT_EQ(read.occurrences[0].repository, "mine");
  EXPECT_EQ(read.occurrences[0].component, "mine/models");
  EXPECT_EQ(read.occurrences[0].severity, Severity::kCritical);
  EXPECT_EQ(read.occurrences[1].component, "mine/.");
  EXPECT_EQ(read.artifacts, 2u);
  EXPECT_EQ(read.incomplete, 1u);
  EXPECT_EQ(read.suppressed, 1u);
}

TEST(ScanOccurrences, GroupsByCweAndThreat) {
  const ScanOccurrences cwe = Read(Grouping::kCwe, ComponentKind::kArtifact);
  ASSERT_EQ(cwe.occurrences.size(), 3u);
  EXPECT_EQ(cwe.occurrences[0].weakness, "CWE-502");
  EXPECT_EQ(cwe.occurrences[0].component, "sha256:0123456789abcdef");
  EXPECT_EQ(cwe.occurrences[1].weakness, "CWE-94");
  EXPECT_EQ(cwe.occurrences[2].weakness, "no cwe");
  EXPECT_EQ(cwe.occurrences[2].component, "mine/repo/b.txt") << "structure mode makes no digest";
  const ScanOccurrences threat = Read(Grouping::kThreat, ComponentKind::kFolder);
  EXPECT_EQ(threat.occurrences[0].weakness, "supply_chain.code_execution");
  EXPECT_EQ(threat.occurrences[1].weakness, "no threat");
}

TEST(ScanOccurrences, AnAssessmentKnowsAssets) {
  const std::string assessment = R"({"schema": "ringfort.assessment/1", "assets": [
    {"id": "summarizer", "artifacts": ["repo/models/a.pkl"]}], "scan": )" +
                                 std::string(kScan) + "}";
  const ScanOccurrences read = Read(Grouping::kRule, ComponentKind::kAsset, assessment);
  ASSERT_EQ(read.occurrences.size(), 2u);
  EXPECT_EQ(read.occurrences[0].component, "mine/summarizer");
  EXPECT_EQ(read.occurrences[1].component, kNoComponent);
  const auto scan = ReadScanOccurrences(kScan, "f.json", "mine", Grouping::kRule, ComponentKind::kAsset);
  ASSERT_FALSE(scan.ok());
  EXPECT_THAT(scan.error().what, HasSubstr("f.json: a scan knows no assets"));
}

TEST(ScanOccurrences, SaysWhatIsWrong) {
  const auto what = [](std::string_view text) {
    const auto read = ReadScanOccurrences(text, "f.json", "mine", Grouping::kRule, ComponentKind::kFolder);
    return read.ok() ? std::string("read") : read.error().what;
  };
  EXPECT_THAT(what("nothing"), HasSubstr("f.json: "));
  EXPECT_THAT(what("[]"), HasSubstr("neither a scan nor an assessment"));
  EXPECT_THAT(what(R"({"schema": "ringfort.scan/2"})"), HasSubstr("neither a scan nor an assessment"));
  EXPECT_THAT(what(R"({"schema": "ringfort.scan/1"})"), HasSubstr("no list of artifacts"));
  EXPECT_THAT(what(R"({"schema": "ringfort.assessment/1", "scan": 3})"), HasSubstr("no list of artifacts"));
  EXPECT_THAT(what(R"({"schema": "ringfort.scan/1", "artifacts": [3]})"), HasSubstr("artifact 1 has no path"));
  EXPECT_THAT(what(R"({"schema": "ringfort.scan/1", "artifacts": [{"path": "a", "findings": [[]]}]})"),
              HasSubstr("a finding of a has no rule"));
}

TEST(ScanOccurrences, CutAndFlippedReportsNeverFail) {
  const std::string whole(kScan);
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(ReadScanOccurrences(whole.substr(0, cut), "f", "m", Grouping::kCwe, ComponentKind::kFolder).ok())
        << cut;
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = whole;
    damaged[random.Below(damaged.size())] ^= static_cast<char>(1 << random.Below(8));
    (void)ReadScanOccurrences(damaged, "f", "m", Grouping::kThreat, ComponentKind::kArtifact).ok();
  }
}

}  // namespace
}  // namespace ringfort::study
