#include "domain/finding.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(ArtifactReport, IncompleteIsNeverClean) {
  ArtifactReport report;
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  report.skipped.push_back({"member", "ends early", 7});
  EXPECT_EQ(report.verdict(), Verdict::kIncomplete);
}

TEST(ArtifactReport, TheWorstFindingDecidesAndSuppressedOnesDoNot) {
  ArtifactReport report;
  report.findings.push_back({.rule = "RF-X-001", .severity = Severity::kLow});
  EXPECT_EQ(report.verdict(), Verdict::kClean) << "a remark leaves an artifact clean";
  report.findings.push_back({.rule = "RF-X-002", .severity = Severity::kHigh});
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  report.findings.push_back({.rule = "RF-X-003", .severity = Severity::kCritical});
  EXPECT_EQ(report.verdict(), Verdict::kMalicious);
  report.findings.back().suppressed = "accepted until 2027";
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
}

}  // namespace
}  // namespace ringfort
