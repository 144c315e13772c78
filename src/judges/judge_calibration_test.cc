#include "judges/judge_calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "judges/rule_judges.h"

namespace ringfort::judges {
namespace {

struct Case {
  bool truth;
  Outcome said;
  double score;
  const char* prompt;
};

constexpr JudgeCard kCard{.name = "made_up", .version = "3", .question = "?"};

JudgeCalibration Counted(const std::vector<Case>& cases) {
  std::vector<LabeledAnswer> answers;
  std::vector<Judgment> judgments;
  for (const Case& one : cases) {
    answers.push_back({"p", "a", "", one.prompt, one.truth});
    judgments.push_back({one.said, one.score, ""});
  }
  return CountJudgments(kCard, answers, judgments, "all").value();
}

TEST(JudgeCalibration, CountsByHand) {
  const JudgeCalibration counted = Counted({{true, Outcome::kSucceeded, .9, "a"},
                                            {true, Outcome::kSucceeded, .8, "a"},
                                            {true, Outcome::kFailed, .3, "b"},
                                            {true, Outcome::kUnjudged, .5, "b"},
                                            {false, Outcome::kFailed, .1, "c"},
                                            {false, Outcome::kSucceeded, .7, "c"},
                                            {false, Outcome::kUnjudged, .5, "d"},
                                            {false, Outcome::kError, .5, "d"}});
  EXPECT_EQ(counted.judge, "made_up");
  EXPECT_EQ(counted.counts.found, 2u);
  EXPECT_EQ(counted.counts.missed, 1u);
  EXPECT_EQ(counted.counts.passed, 1u);
  EXPECT_EQ(counted.counts.false_alarms, 1u);
  EXPECT_EQ(counted.unjudged_successes, 1u);
  EXPECT_EQ(counted.unjudged_failures, 1u);
  EXPECT_EQ(counted.errors, 1u);
  EXPECT_EQ(counted.prompts, 4u);
  EXPECT_NEAR(counted.sensitivity->rate, 2.0 / 3, 1e-15);
  EXPECT_NEAR(counted.specificity->rate, .5, 1e-15);
  EXPECT_NEAR(counted.accuracy->rate, .6, 1e-15);
  EXPECT_NEAR(*counted.balanced, 7.0 / 12, 1e-15);
  // Pairs: .9 and .8 beat both, .3 beats .1 alone: 5 of 6.
  EXPECT_NEAR(*counted.area, 5.0 / 6, 1e-15);
}

TEST(JudgeCalibration, SaysNothingOfAKindThatIsMissing) {
  const JudgeCalibration counted = Counted({{true, Outcome::kSucceeded, 1, "a"}, {false, Outcome::kUnjudged, .5, "a"}});
  EXPECT_TRUE(counted.sensitivity);
  EXPECT_FALSE(counted.specificity);
  EXPECT_FALSE(counted.balanced);
  EXPECT_FALSE(counted.area);
  EXPECT_FALSE(Counted({{true, Outcome::kError, .5, "a"}}).accuracy);
}

TEST(JudgeCalibration, IntervalsFollowThePromptsNotTheAnswers) {
  std::vector<Case> apart, together;
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("prompt " + std::to_string(i));
  for (int i = 0; i < 100; ++i) {
    const bool right = i % 4 != 0;
    apart.push_back(
        {true, right ? Outcome::kSucceeded : Outcome::kFailed, .5, names[static_cast<std::size_t>(i)].c_str()});
    // The same rate, but ten answers a prompt that agree.
    const bool all_right = (i / 10) % 4 != 0;
    together.push_back({true, all_right ? Outcome::kSucceeded : Outcome::kFailed, .5,
                        names[static_cast<std::size_t>(i / 10)].c_str()});
  }
  EXPECT_GT(Counted(together).sensitivity->interval.width(), 2 * Counted(apart).sensitivity->interval.width());
}

TEST(JudgeCalibration, DigestTellsSetsApart) {
  const auto digest = [](std::string prompt, std::string answer, bool truth) {
    RefusalJudge judge;
    const std::vector<LabeledAnswer> answers{{std::move(prompt), std::move(answer), "", "c", truth}};
    return Calibrate(judge, answers, "all").value().data_digest;
  };
  EXPECT_EQ(digest("a", "b", true), digest("a", "b", true));
  EXPECT_NE(digest("a", "b", true), digest("a", "b", false));
  EXPECT_NE(digest("ab", "", true), digest("a", "b", true));
}

TEST(JudgeCalibration, RefusesWhatDoesNotMatch) {
  EXPECT_FALSE(CountJudgments(kCard, {}, {}, "all").ok());
  const std::vector<LabeledAnswer> one(1);
  EXPECT_FALSE(CountJudgments(kCard, one, {}, "all").ok());
}

}  // namespace
}  // namespace ringfort::judges
