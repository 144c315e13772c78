#include "domain/scan_result.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(ScanSummary, CountsEachArtifactOnceAndSuppressedFindingsApart) {
  ScanResult scan;
  ArtifactReport bad;
  bad.size = 10;
  bad.findings.push_back({.rule = "RF-X-001", .severity = Severity::kCritical});
  bad.findings.push_back({.rule = "RF-X-001", .severity = Severity::kHigh});
  bad.findings.back().suppressed = "known";
  bad.skipped.push_back({"member", "ends early", 3});
  ArtifactReport clean;
  clean.size = 5;
  clean.from_cache = true;
  scan.artifacts = {bad, clean};

  const ScanSummary summary = Summarize(scan);
  EXPECT_EQ(summary.artifacts, 2u);
  EXPECT_EQ(summary.verdicts[static_cast<std::size_t>(Verdict::kMalicious)], 1u);
  EXPECT_EQ(summary.verdicts[static_cast<std::size_t>(Verdict::kClean)], 1u);
  EXPECT_EQ(summary.severities[static_cast<std::size_t>(Severity::kCritical)], 1u);
  EXPECT_EQ(summary.severities[static_cast<std::size_t>(Severity::kHigh)], 0u);
  EXPECT_EQ(summary.findings, 1u);
  EXPECT_EQ(summary.suppressed, 1u);
  EXPECT_EQ(summary.skipped, 1u);
  EXPECT_EQ(summary.cached, 1u);
  EXPECT_EQ(summary.bytes, 15u);
  EXPECT_EQ(summary.worst, Verdict::kMalicious);
}

TEST(ScanSummary, NothingScannedIsClean) { EXPECT_EQ(Summarize({}).worst, Verdict::kClean); }

TEST(FindCard, FindsByIdOrNot) {
  static constexpr RuleCard kCard{"RF-X-001", "x", Severity::kLow, "t", "w", "f", {}};
  ScanResult scan;
  scan.rules = {&kCard};
  EXPECT_EQ(FindCard(scan, "RF-X-001"), &kCard);
  EXPECT_EQ(FindCard(scan, "RF-X-002"), nullptr);
}

}  // namespace
}  // namespace ringfort
