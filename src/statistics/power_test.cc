#include "statistics/power.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "statistics/normal_distribution.h"
#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

TEST(Power, HasThePublishedValues) {
  // The examples printed in R's page of power.prop.test.
  EXPECT_NEAR(PowerOfComparison(.5, .75, 50).value(), .740, .0005);
  EXPECT_NEAR(TriesForDifference(.5, .75, {.power = .9}).value(), 76.7, .05);
  EXPECT_NEAR(DetectableDifference(.5, 50, {.power = .9}).value().upper, .8026, .0001);
}

TEST(Power, QuestionsUndoEachOther) {
  for (const double first : {.1, .5, .9})
    for (const double second : {.05, .3, .7, .99}) {
      const double tries = TriesForDifference(first, second).value();
      EXPECT_NEAR(TriesForDifference(second, first).value(), tries, 1e-9);
      EXPECT_NEAR(PowerOfComparison(first, second, tries).value(), .8, 1e-9);
      const DetectableRates rates = DetectableDifference(first, tries).value();
      EXPECT_NEAR(second < first ? rates.lower : rates.upper, second, 1e-9);
    }
}

TEST(Power, IsWhatAPlanReallyShows) {
  Random random(6);
  const double tries = std::ceil(TriesForDifference(.5, .3).value());
  int noticed = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    double first = 0, second = 0;
    for (int i = 0; i < tries; ++i) {
      first += random.Uniform() < .5;
      second += random.Uniform() < .3;
    }
    const double middle = (first + second) / (2 * tries);
    noticed += std::abs(first - second) / tries > NormalHalfWidth(.95) * std::sqrt(2 * middle * (1 - middle) / tries);
  }
  EXPECT_NEAR(noticed / static_cast<double>(kRounds), .8, .035);
}

TEST(Power, SaysWhereNothingCanBeTold) {
  const DetectableRates rates = DetectableDifference(.05, 20).value();
  EXPECT_FALSE(rates.has_lower);
  EXPECT_EQ(rates.lower, 0);
  EXPECT_TRUE(rates.has_upper);
}

TEST(Power, FewestTriesForAWidth) {
  for (const double rate : {0.0, .01, .3, .5, 1.0})
    for (const double half : {.2, .05, .013}) {
      const std::uint64_t tries = TriesForHalfWidth(rate, half).value();
      const auto width = [&](std::uint64_t n) {
        // Of a rate that n tries can show exactly only where n * rate is whole; the formula does not mind.
        const double z = NormalHalfWidth(.95), m = static_cast<double>(n);
        return z * std::sqrt(rate * (1 - rate) / m + z * z / (4 * m * m)) / (1 + z * z / m);
      };
      EXPECT_LE(width(tries), half);
      if (tries > 1) {
        EXPECT_GT(width(tries - 1), half);
      }
    }
  // Half a success in each of two: 93 tries, against the library's own interval.
  const std::uint64_t tries = TriesForHalfWidth(.5, .1).value();
  EXPECT_EQ(tries, 93u);
  EXPECT_LE(WilsonInterval(47, 94).value().width(), .2);
  EXPECT_GT(WilsonInterval(46, 92).value().width(), .2);
}

TEST(Power, RefusesWhatCannotBe) {
  EXPECT_FALSE(TriesForDifference(.5, .5).ok());
  EXPECT_FALSE(TriesForDifference(.5, 1.5).ok());
  EXPECT_FALSE(TriesForDifference(.5, .6, {.alpha = 0}).ok());
  EXPECT_FALSE(TriesForDifference(.5, .6, {.power = 1}).ok());
  EXPECT_FALSE(PowerOfComparison(.5, .6, 0).ok());
  EXPECT_FALSE(DetectableDifference(2, 10).ok());
  EXPECT_FALSE(DetectableDifference(.5, 10, {.power = 0}).ok());
  EXPECT_FALSE(TriesForHalfWidth(.5, 0).ok());
  EXPECT_FALSE(TriesForHalfWidth(.5, 1e-9).ok());
  EXPECT_EQ(PowerOfComparison(0, 1, 10).value(), 1);
}

}  // namespace
}  // namespace ringfort::statistics
