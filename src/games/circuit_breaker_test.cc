#include "games/circuit_breaker.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringfort::games {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

BreakerWindow Window(std::optional<double> loss, std::optional<double> posterior, std::optional<double> capacity) {
  return {"w", {{"jailbreak", loss, posterior}, {"extraction", 2, 0.25}}, capacity};
}

const BreakerWindow kCalm = Window(8, 0.1, 5);    // 0.8 expected
const BreakerWindow kCostly = Window(8, 0.5, 5);  // 4 expected
const BreakerWindow kNarrow = Window(8, 0.1, 1);  // below 2
const BreakerWindow kBlind = Window(8, kNaN, 5);  // the posterior is missing
const BreakerRule kRule{3, 2, 2};

BreakerVerdict Verdict(const BreakerRule& rule, const std::vector<BreakerWindow>& windows) {
  return JudgeBreaker(rule, windows).value().verdict;
}

TEST(CircuitBreaker, IsPulledAfterEnoughWindowsInARow) {
  EXPECT_EQ(Verdict(kRule, {kCalm, kCalm, kCalm}), BreakerVerdict::kHold);
  EXPECT_EQ(Verdict(kRule, {kCostly, kCalm, kCostly, kCalm}), BreakerVerdict::kHold);
  const auto decided = JudgeBreaker(kRule, {kCalm, kCostly, kNarrow, kCalm});
  ASSERT_TRUE(decided.ok());
  const BreakerDecision& decision = decided.value();
  EXPECT_EQ(decision.verdict, BreakerVerdict::kPull);
  EXPECT_EQ(decision.since, 1U);
  EXPECT_EQ(decision.pulled, 2U);
  ASSERT_EQ(decision.windows.size(), 4U);
  EXPECT_EQ(decision.windows[1].attack, 0U);
  EXPECT_DOUBLE_EQ(decision.windows[1].expected_loss, 4);
  EXPECT_EQ(decision.windows[1].too_costly, true);
  EXPECT_EQ(decision.windows[1].too_narrow, false);
  EXPECT_EQ(decision.windows[2].too_costly, false);
  EXPECT_EQ(decision.windows[2].too_narrow, true);
  EXPECT_EQ(decision.windows[2].run, 2U);
  EXPECT_EQ(decision.windows[3].run, 0U);
}

TEST(CircuitBreaker, TripsStrictlyBeyondItsThresholds) {
  const BreakerRule rule{4, 5, 1};
  EXPECT_EQ(Verdict(rule, {kCostly}), BreakerVerdict::kHold);  // 4 is not above 4, 5 not below 5
  EXPECT_EQ(Verdict({3.999, std::nullopt, 1}, {kCostly}), BreakerVerdict::kPull);
  EXPECT_EQ(Verdict({std::nullopt, 5.001, 1}, {kCostly}), BreakerVerdict::kPull);
}

TEST(CircuitBreaker, NamesTheAttackThatAttainsTheMaximum) {
  const auto decided = JudgeBreaker(kRule, {{"w", {{"a", 1, 0.5}, {"b", 10, 0.2}, {"c", 100, 0}}, 5}});
  ASSERT_TRUE(decided.ok());
  EXPECT_EQ(decided.value().windows[0].attack, 1U);
  EXPECT_DOUBLE_EQ(decided.value().windows[0].expected_loss, 2);
}

TEST(CircuitBreaker, NeitherTripsNorClearsOnWhatIsMissing) {
  const BreakerRule once{3, 2, 1};
  EXPECT_EQ(Verdict(once, {kBlind}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(kNaN, 0.5, 5)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(std::nullopt, 0.5, 5)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(8, 1.5, 5)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(8, 0.1, std::nullopt)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(8, 0.1, kNaN)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {Window(8, 0.1, -1)}), BreakerVerdict::kUnjudged);
  EXPECT_EQ(Verdict(once, {{"w", {}, 5}}), BreakerVerdict::kUnjudged);
  // What is known to trip trips, whatever else is missing.
  EXPECT_EQ(Verdict(once, {Window(8, 0.5, kNaN)}), BreakerVerdict::kPull);
  EXPECT_EQ(Verdict(once, {Window(8, kNaN, 1)}), BreakerVerdict::kPull);
  // What cannot happen needs no loss.
  EXPECT_EQ(Verdict(once, {Window(kNaN, 0, 5)}), BreakerVerdict::kHold);
  // A condition that is not asked misses nothing.
  EXPECT_EQ(Verdict({3, std::nullopt, 1}, {Window(8, 0.1, kNaN)}), BreakerVerdict::kHold);
  const auto decided = JudgeBreaker(once, {Window(kNaN, kNaN, kNaN)});
  ASSERT_TRUE(decided.ok());
  EXPECT_EQ(
      decided.value().windows[0].missing,
      (std::vector<std::string>{"the loss by `jailbreak`", "the posterior of `jailbreak`", "the authorised capacity"}));
}

TEST(CircuitBreaker, IsUnjudgedWhereWhatIsMissingMattersAlone) {
  EXPECT_EQ(Verdict(kRule, {kCalm, kBlind, kCalm}), BreakerVerdict::kHold);  // one window more or less is no run
  const auto decided = JudgeBreaker(kRule, {kCalm, kCostly, kBlind, kCalm});
  ASSERT_TRUE(decided.ok());
  EXPECT_EQ(decided.value().verdict, BreakerVerdict::kUnjudged);
  EXPECT_EQ(decided.value().since, 1U);
  EXPECT_FALSE(decided.value().pulled);
  EXPECT_EQ(decided.value().windows[2].run, 0U);
  // A run that is known comes before one that might be.
  EXPECT_EQ(Verdict(kRule, {kBlind, kBlind, kCalm, kCostly, kCostly}), BreakerVerdict::kPull);
}

TEST(CircuitBreaker, RefusesARuleThatAsksNothing) {
  const auto complaint = [](const BreakerRule& rule, const std::vector<BreakerWindow>& windows) {
    const auto decided = JudgeBreaker(rule, windows);
    return decided.ok() ? std::string() : decided.error().what;
  };
  EXPECT_EQ(complaint(kRule, {}), "there is no window of telemetry to judge");
  EXPECT_EQ(complaint({3, 2, 0}, {kCalm}), "the number of windows in a row must be at least 1");
  EXPECT_EQ(complaint({}, {kCalm}),
            "the rule has no threshold: give the utility of the service, the least capacity, or both");
  EXPECT_EQ(complaint({kNaN, 2, 1}, {kCalm}), "the utility of the service is NaN");
  EXPECT_EQ(complaint({3, kNaN, 1}, {kCalm}), "the least capacity is NaN");
}

}  // namespace
}  // namespace ringfort::games
