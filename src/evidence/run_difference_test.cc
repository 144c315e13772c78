#include "evidence/run_difference.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

ArtifactReport Artifact(std::string path, std::string sha256, std::vector<std::string> rules = {}) {
  ArtifactReport report;
  report.path = path;
  report.sha256 = std::move(sha256);
  report.size = 10;
  for (std::string& rule : rules)
    report.findings.push_back({.rule = std::move(rule), .severity = Severity::kCritical, .where = {path, 3}});
  return report;
}

// The example of the header.
TEST(Compare, TellsWhatCameWentAndChanged) {
  const RunRecord before{{}, {Artifact("a.pkl", "11"), Artifact("b.pkl", "22", {"RF-PKL-001"})}};
  const RunRecord after{{}, {Artifact("c.pkl", "33"), Artifact("a.pkl", "44", {"RF-PKL-001"})}};
  const RunDifference difference = Compare(before, after);
  EXPECT_EQ(difference.added, std::vector<std::string>{"c.pkl"});
  EXPECT_EQ(difference.removed, std::vector<std::string>{"b.pkl"});
  ASSERT_EQ(difference.changed.size(), 1u);
  EXPECT_TRUE(difference.changed[0].bytes_changed);
  EXPECT_EQ(difference.changed[0].verdict_before, Verdict::kClean);
  EXPECT_EQ(difference.changed[0].verdict_after, Verdict::kMalicious);
  ASSERT_EQ(difference.appeared.size(), 1u);
  EXPECT_EQ(difference.appeared[0].path, "a.pkl");
  ASSERT_EQ(difference.gone.size(), 1u);
  EXPECT_EQ(difference.gone[0].path, "b.pkl");
}

TEST(Compare, SwappingTheRunsSwapsTheAnswer) {
  const RunRecord one{{}, {Artifact("a", "1", {"X"}), Artifact("b", "2")}};
  const RunRecord two{{}, {Artifact("a", "1", {"X", "Y"}), Artifact("c", "2", {"Z"})}};
  const RunDifference there = Compare(one, two), back = Compare(two, one);
  EXPECT_EQ(there.added, back.removed);
  EXPECT_EQ(there.removed, back.added);
  EXPECT_EQ(there.appeared.size(), 2u);
  EXPECT_EQ(there.appeared.size(), back.gone.size());
  EXPECT_EQ(there.gone.size(), back.appeared.size());
}

TEST(Compare, FindsNothingBetweenARunAndItself) {
  const RunRecord record{{}, {Artifact("a", "1", {"X"}), Artifact("a", "1", {"X"}), Artifact("b", "2")}};
  EXPECT_TRUE(Compare(record, record).empty());
  EXPECT_TRUE(Compare({}, {}).empty());
}

TEST(Compare, AMovedOffsetIsNoChangeAndAMissingDigestNeither) {
  RunRecord before{{}, {Artifact("a", "", {"X"})}}, after{{}, {Artifact("a", "77", {"X"})}};
  after.artifacts[0].findings[0].where.offset = 99;
  EXPECT_TRUE(Compare(before, after).empty());
  after.artifacts[0].size = 11;
  EXPECT_EQ(Compare(before, after).changed.size(), 1u);
}

TEST(Compare, SeesAVerdictThatAPolicyChanged) {
  RunRecord before{{}, {Artifact("a", "1", {"X"})}}, after = before;
  after.artifacts[0].findings[0].suppressed = "reviewed";
  const RunDifference difference = Compare(before, after);
  ASSERT_EQ(difference.changed.size(), 1u);
  EXPECT_FALSE(difference.changed[0].bytes_changed);
  EXPECT_TRUE(difference.changed[0].verdict_changed());
  EXPECT_TRUE(difference.appeared.empty());
}

}  // namespace
}  // namespace ringfort
