#include "domain/policy.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(MatchesGlob, FollowsItsExamples) {
  for (const char* path : {"models/a.pkl", "models/x/y/a.pkl", "./models/x/a.pkl"}) {
    EXPECT_TRUE(MatchesGlob("models/**/*.pkl", path)) << path;
    EXPECT_TRUE(MatchesGlob("*.pkl", path)) << path;
    EXPECT_TRUE(MatchesGlob("models/**", path)) << path;
    EXPECT_TRUE(MatchesGlob("**", path)) << path;
    EXPECT_TRUE(MatchesGlob("**/a.pkl", path)) << path;
  }
  EXPECT_TRUE(MatchesGlob("models/*.pkl", "models/a.pkl"));
  EXPECT_TRUE(MatchesGlob("models/?.pkl", "models/a.pkl"));
  EXPECT_TRUE(MatchesGlob("a.pkl", "a.pkl"));
}

TEST(MatchesGlob, DoesNotOverreach) {
  EXPECT_FALSE(MatchesGlob("models/*.pkl", "models/x/a.pkl")) << "a star stops at a slash";
  EXPECT_FALSE(MatchesGlob("models/?.pkl", "models//.pkl"));
  EXPECT_FALSE(MatchesGlob("models/*.pkl", "other/models/a.pkl")) << "the whole path";
  EXPECT_FALSE(MatchesGlob("*.pkl", "a.pkl.exe"));
  EXPECT_FALSE(MatchesGlob("**/a.pkl", "ba.pkl"));
  EXPECT_FALSE(MatchesGlob("models/**/*.pkl", "models_of_others/a.pkl"));
  EXPECT_FALSE(MatchesGlob("", "a"));
  EXPECT_FALSE(MatchesGlob("[ab].pkl", "a.pkl")) << "no character classes";
}

// Backtracking would take longer than the universe.
TEST(MatchesGlob, IsNeverSlow) {
  std::string glob;
  for (int i = 0; i < 200; ++i) glob += "*a";
  EXPECT_FALSE(MatchesGlob(glob + "b", std::string(4000, 'a')));
  EXPECT_TRUE(MatchesGlob(glob, std::string(4000, 'a')));
}

TEST(IsDate, KnowsTheCalendar) {
  for (const char* good : {"2026-11-21", "2028-02-29", "2000-02-29"}) EXPECT_TRUE(IsDate(good)) << good;
  for (const char* bad : {"", "2026-11-31", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-1",
                          "21-11-2026", "2026-11-21T", "2026/11/21", "+026-11-21", "2026-11-00"})
    EXPECT_FALSE(IsDate(bad)) << bad;
}

class ApplyPolicyTest : public testing::Test {
 protected:
  ApplyPolicyTest() {
    report_.path = "models/old.pkl";
    for (const char* rule : {"RF-PKL-001", "RF-PKL-002", "RF-ZIP-001"})
      report_.findings.push_back({.rule = rule, .severity = Severity::kHigh});
  }
  std::vector<std::string> Marks(const Policy& policy, std::string_view today = "2026-11-21") {
    ApplyPolicy(policy, today, report_);
    std::vector<std::string> marks;
    for (const Finding& finding : report_.findings) marks.push_back(finding.suppressed);
    return marks;
  }
  using Strings = std::vector<std::string>;
  ArtifactReport report_;
};

TEST_F(ApplyPolicyTest, MarksByIdByPrefixAndAll) {
  EXPECT_EQ(Marks({{{"RF-PKL-001", "models/**", "reviewed", "2026-12-31"}}, {}}), (Strings{"reviewed", "", ""}));
  EXPECT_EQ(Marks({{{"RF-PKL-*", "models/**", "ours", "2026-12-31"}}, {}}), (Strings{"ours", "ours", ""}));
  EXPECT_EQ(report_.verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Marks({{{"*", "**", "all", "2026-12-31"}}, {}}), (Strings{"all", "all", "all"}));
  EXPECT_EQ(report_.verdict(), Verdict::kClean);
  EXPECT_EQ(Marks({{{"RF-PKL-001", "other/**", "no", "2026-12-31"}}, {}}), (Strings{"", "", ""}));
  EXPECT_EQ(Marks({{{"RF-PKL", "**", "no", "2026-12-31"}}, {}}), (Strings{"", "", ""})) << "a prefix needs its star";
}

TEST_F(ApplyPolicyTest, TheFirstEntryThatHoldsSpeaks) {
  EXPECT_EQ(
      Marks(
          {{{"*", "**", "old", "2026-11-20"}, {"RF-PKL-001", "**", "a", "2027-01-01"}, {"*", "**", "b", "2027-01-01"}},
           {}}),
      (Strings{"a", "b", "b"}));
}

TEST_F(ApplyPolicyTest, HoldsThroughItsLastDayAndNotAfter) {
  const Policy policy{{{"*", "**", "for now", "2026-11-21"}}, {}};
  EXPECT_EQ(Marks(policy, "2026-11-21T23:59:59Z")[0], "for now");
  EXPECT_TRUE(ExpiredEntries(policy, "2026-11-21").empty());
  EXPECT_EQ(Marks(policy, "2026-11-22T00:00:00Z")[0], "");
  ASSERT_EQ(ExpiredEntries(policy, "2026-11-22").size(), 1u);
}

TEST_F(ApplyPolicyTest, NeverMakesAnIncompleteArtifactClean) {
  report_.skipped.push_back({"tail", "ends early", 3});
  Marks({{{"*", "**", "all", "2026-12-31"}}, {}});
  EXPECT_EQ(report_.verdict(), Verdict::kIncomplete);
}

}  // namespace
}  // namespace ringfort
