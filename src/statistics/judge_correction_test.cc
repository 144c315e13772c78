#include "statistics/judge_correction.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringfort::statistics {
namespace {

TEST(JudgeCorrection, HasThePublishedValues) {
  EXPECT_NEAR(CorrectForJudge(.30, .9, .9).value().value, .25, 1e-9);
  EXPECT_NEAR(CorrectForJudge(.82, .921, .385).value().value, .669934640523, 1e-9);
  const CorrectedRate below = CorrectForJudge(.1, .974, .835).value();
  EXPECT_EQ(below.value, 0);
  EXPECT_TRUE(below.clipped);
}

TEST(JudgeCorrection, UndoesWhatTheJudgeDid) {
  for (double rate = 0; rate <= 1; rate += 0.125)
    for (double se = 0.6; se <= 1; se += 0.1)
      for (double sp = 0.5; sp <= 1; sp += 0.1) {
        const CorrectedRate back = CorrectForJudge(se * rate + (1 - sp) * (1 - rate), se, sp).value();
        EXPECT_NEAR(back.value, rate, 1e-12);
        EXPECT_FALSE(back.clipped);
        EXPECT_TRUE(back.corrected);
      }
}

TEST(JudgeCorrection, OfAGuessingJudgeIsNone) {
  const CorrectedRate guess = CorrectForJudge(.4, .5, .505).value();
  EXPECT_FALSE(guess.corrected);
  EXPECT_EQ(guess.value, .4);
  EXPECT_FALSE(CorrectForJudge(.4, .2, .3).value().corrected);
}

TEST(JudgeCorrection, KeepsIntervalsInOrder) {
  const Interval wide = CorrectForJudge(Interval{.05, .6}, .9, .9).value();
  EXPECT_EQ(wide.lower, 0);
  EXPECT_NEAR(wide.upper, .625, 1e-12);
}

TEST(JudgeCorrection, RefusesWhatIsNoRate) {
  for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(CorrectForJudge(bad, .9, .9).ok());
    EXPECT_FALSE(CorrectForJudge(.5, bad, .9).ok());
    EXPECT_FALSE(CorrectForJudge(.5, .9, bad).ok());
  }
}

}  // namespace
}  // namespace ringfort::statistics
