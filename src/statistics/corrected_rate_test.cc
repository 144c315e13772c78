#include "statistics/corrected_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

TEST(CorrectedRate, FollowsTheEquationsByHand) {
  // 30 of 100 judged successful; the judge found 90 of 100 and passed 80 of 100.
  const CorrectedEstimate estimate = LangReiczigelInterval(30, 100, {90, 10, 80, 20}).value();
  EXPECT_NEAR(estimate.rate.value, (.3 + .8 - 1) / .7, 1e-12);
  // By hand with z = 1.959964: n' 103.841459, apparent' .307398, Se' 91/102, Sp' 81/102.
  const double n = 103.8414588206941, apparent = (30 + 3.841458820694124 / 2) / n;
  const double se = 91.0 / 102, sp = 81.0 / 102, rate = (apparent + sp - 1) / (se + sp - 1);
  const double shift = 2 * 3.841458820694124 * (rate * se * (1 - se) / 102 - (1 - rate) * sp * (1 - sp) / 102);
  const double half = 1.959963984540054 *
                      std::sqrt(apparent * (1 - apparent) / n + rate * rate * se * (1 - se) / 102 +
                                (1 - rate) * (1 - rate) * sp * (1 - sp) / 102) /
                      (se + sp - 1);
  EXPECT_NEAR(estimate.interval.lower, std::max(0.0, rate + shift - half), 1e-12);
  EXPECT_NEAR(estimate.interval.upper, rate + shift + half, 1e-12);
}

TEST(CorrectedRate, OfAPerfectAndWellKnownJudgeIsTheOrdinaryInterval) {
  const CorrectedEstimate estimate = LangReiczigelInterval(47, 100, {100000000, 0, 100000000, 0}).value();
  const Interval wilson = WilsonInterval(47, 100).value();
  // Agresti and Coull's interval, whose center is Wilson's and which is a little wider.
  EXPECT_NEAR((estimate.interval.lower + estimate.interval.upper) / 2, (wilson.lower + wilson.upper) / 2, 1e-6);
  EXPECT_GE(estimate.interval.width(), wilson.width());
  EXPECT_NEAR(estimate.interval.width(), wilson.width(), .005);
}

TEST(CorrectedRate, HoldsTheTrueRateAsOftenAsItSays) {
  Random random(13);
  const auto draw = [&](int tries, double rate) {
    std::uint64_t count = 0;
    for (int i = 0; i < tries; ++i) count += random.Uniform() < rate;
    return count;
  };
  for (const auto& [truth, se, sp] : {std::tuple{.2, .9, .85}, std::tuple{.6, .7, .95}, std::tuple{.05, .95, .9}}) {
    int held = 0, drawn = 0, known = 0;
    constexpr int kRounds = 400;
    for (int round = 0; round < kRounds; ++round) {
      JudgeCounts judge;
      judge.found = draw(60, se);
      judge.missed = 60 - judge.found;
      judge.passed = draw(60, sp);
      judge.false_alarms = 60 - judge.passed;
      const std::uint64_t successes = draw(300, truth * se + (1 - truth) * (1 - sp));
      const CorrectedEstimate estimate = LangReiczigelInterval(successes, 300, judge).value();
      held += estimate.interval.Holds(truth);
      drawn += ParametricBootstrapInterval(successes, 300, judge, {.resamples = 200}).value().interval.Holds(truth);
      known += CorrectForJudge(WilsonInterval(successes, 300).value(), estimate.sensitivity, estimate.specificity)
                   .value()
                   .Holds(truth);
    }
    EXPECT_GT(held, kRounds * .925) << truth;
    EXPECT_GT(drawn, kRounds * .88) << truth;
    // What it would be if the judge's errors were taken as known: too narrow.
    EXPECT_LT(known, held) << truth;
  }
}

TEST(CorrectedRate, IsWiderForAJudgeOfWhomLessIsKnown) {
  double before = 0;
  for (const std::uint64_t labeled : {1000, 100, 20, 10}) {
    const JudgeCounts judge{labeled * 9 / 10, labeled / 10, labeled * 8 / 10, labeled / 5};
    const double width = LangReiczigelInterval(50, 100, judge).value().interval.width();
    EXPECT_GT(width, before);
    before = width;
  }
}

TEST(CorrectedRate, OfAGuessingJudgeIsAnything) {
  const CorrectedEstimate estimate = LangReiczigelInterval(50, 100, {5, 5, 5, 5}).value();
  EXPECT_FALSE(estimate.rate.corrected);
  EXPECT_EQ(estimate.interval.lower, 0);
  EXPECT_EQ(estimate.interval.upper, 1);
  EXPECT_EQ(ParametricBootstrapInterval(50, 100, {5, 5, 5, 5}).value().interval.width(), 1);
}

TEST(CorrectedRate, RefusesWhatCannotBe) {
  EXPECT_FALSE(LangReiczigelInterval(1, 0, {1, 1, 1, 1}).ok());
  EXPECT_FALSE(LangReiczigelInterval(2, 1, {1, 1, 1, 1}).ok());
  EXPECT_FALSE(LangReiczigelInterval(1, 2, {0, 0, 1, 1}).ok());
  EXPECT_FALSE(LangReiczigelInterval(1, 2, {1, 1, 0, 0}).ok());
  EXPECT_FALSE(LangReiczigelInterval(1, 2, {1, 1, 1, 1}, 1).ok());
  EXPECT_FALSE(ParametricBootstrapInterval(1, 2, {1, 1, 1, 1}, {.resamples = 1}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
