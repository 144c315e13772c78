#include "chain/chain_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::chain {
namespace {

// 1 succeeded, 0 failed, ? unjudged, ! error.
LinkOutcomes Outcomes(std::string_view signs) {
  LinkOutcomes outcomes;
  for (const char sign : signs)
    outcomes.push_back(sign == '1'   ? Outcome::kSucceeded
                       : sign == '0' ? Outcome::kFailed
                       : sign == '?' ? Outcome::kUnjudged
                                     : Outcome::kError);
  return outcomes;
}

ChainRates Estimate(std::vector<ChainRun> runs) {
  Result<ChainRates> rates = EstimateChain(runs);
  EXPECT_TRUE(rates.ok()) << (rates.ok() ? "" : rates.error().what);
  return rates.ok() ? std::move(rates).value() : ChainRates{};
}

TEST(ChainRate, TheExamplesOfTheHeader) {
  const ChainRates together = Estimate({{4, {Outcomes("1100"), Outcomes("1100")}}});
  EXPECT_DOUBLE_EQ(together.links[0].rate, 0.5);
  EXPECT_DOUBLE_EQ(together.product, 0.25);
  EXPECT_DOUBLE_EQ(together.end_to_end.rate, 0.5);
  EXPECT_DOUBLE_EQ(together.excess, 0.25);
  const ChainRates apart = Estimate({{4, {Outcomes("1100"), Outcomes("0011")}}});
  EXPECT_DOUBLE_EQ(apart.product, 0.25);
  EXPECT_DOUBLE_EQ(apart.end_to_end.rate, 0);
}

TEST(ChainRate, OneOutcomeHoldsForAllUnitsOfItsRun) {
  const ChainRates rates = Estimate({{4, {Outcomes("1"), Outcomes("1110")}}, {4, {Outcomes("0"), Outcomes("1110")}}});
  EXPECT_DOUBLE_EQ(rates.links[0].rate, 0.5);
  EXPECT_EQ(rates.links[0].tries, 8U);
  EXPECT_DOUBLE_EQ(rates.links[1].rate, 0.75);
  EXPECT_DOUBLE_EQ(rates.end_to_end.rate, 3.0 / 8);
}

TEST(ChainRate, WhatNobodyCouldTellIsInNoRateUnlessAnotherLinkFailed) {
  const ChainRates rates = Estimate({{5, {Outcomes("11?0!"), Outcomes("1?11?")}}});
  EXPECT_EQ(rates.links[0].tries, 3U);
  EXPECT_EQ(rates.links[0].unjudged, 1U);
  EXPECT_EQ(rates.links[0].errors, 1U);
  EXPECT_EQ(rates.end_to_end.successes, 1U);
  EXPECT_EQ(rates.end_to_end.tries, 2U);  // the first, and the fourth, which failed
  EXPECT_EQ(rates.end_to_end.unjudged, 2U);
  EXPECT_EQ(rates.end_to_end.errors, 1U);
}

TEST(ChainRate, ALinkThatWasNeverJudgedHasNoRateAndNoProduct) {
  const ChainRates rates = Estimate({{3, {Outcomes("111"), Outcomes("???")}}});
  EXPECT_TRUE(std::isnan(rates.links[1].rate));
  EXPECT_TRUE(std::isnan(rates.product));
  EXPECT_TRUE(std::isnan(rates.end_to_end.rate));
}

TEST(ChainRate, ThreeSuccessesOfThreeAreNoProof) {
  const ChainRates rates = Estimate({{3, {Outcomes("111"), Outcomes("111")}}});
  EXPECT_DOUBLE_EQ(rates.product, 1);
  EXPECT_LT(rates.product_interval.lower, 0.5);
  EXPECT_LT(rates.end_to_end.interval.lower, 0.5);
  EXPECT_LT(rates.excess_interval.lower, 0);
  EXPECT_GT(rates.excess_interval.upper, 0);
}

// Over many worlds with links that know nothing of each other, the excess interval must hold 0
// nearly always; with links that share their luck, nearly never.
TEST(ChainRate, TellsLinkedLuckFromIndependentLuck) {
  Random random(7);
  int holds = 0, shared_holds = 0;
  constexpr int kWorlds = 40;
  for (int world = 0; world < kWorlds; ++world) {
    std::vector<ChainRun> runs(8), shared(8);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      runs[i] = {30, {LinkOutcomes(30), LinkOutcomes(30)}};
      shared[i] = runs[i];
      for (std::size_t unit = 0; unit < 30; ++unit) {
        const bool first = random.Uniform() < 0.6, second = random.Uniform() < 0.5;
        runs[i].links[0][unit] = first ? Outcome::kSucceeded : Outcome::kFailed;
        runs[i].links[1][unit] = second ? Outcome::kSucceeded : Outcome::kFailed;
        shared[i].links[0][unit] = shared[i].links[1][unit] = runs[i].links[0][unit];
      }
    }
    holds += Estimate(runs).excess_interval.Holds(0) ? 1 : 0;
    shared_holds += Estimate(shared).excess_interval.Holds(0) ? 1 : 0;
  }
  EXPECT_GE(holds, 34);
  EXPECT_EQ(shared_holds, 0);
}

TEST(ChainRate, WhatDiffersBetweenRunsWidensTheInterval) {
  std::vector<ChainRun> alike, different;
  for (int i = 0; i < 10; ++i) {
    alike.push_back({10, {Outcomes("1111100000")}});
    different.push_back({10, {Outcomes(i % 2 == 0 ? "1" : "0")}});
  }
  EXPECT_GT(Estimate(different).links[0].interval.width(), 1.5 * Estimate(alike).links[0].interval.width());
  EXPECT_FALSE(Estimate(alike).few_runs);
}

TEST(ChainRate, RefusesWhatCannotBe) {
  EXPECT_FALSE(EstimateChain({}).ok());
  const std::vector<ChainRun> empty = {{0, {Outcomes("1")}}}, uneven = {{3, {Outcomes("11")}}},
                              different = {{1, {Outcomes("1")}}, {1, {Outcomes("1"), Outcomes("1")}}};
  EXPECT_FALSE(EstimateChain(empty).ok());
  EXPECT_FALSE(EstimateChain(uneven).ok());
  EXPECT_FALSE(EstimateChain(different).ok());
}

}  // namespace
}  // namespace ringfort::chain
