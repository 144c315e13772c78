#include "statistics/mean_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

TEST(MeanDifference, FollowsTheExamplesOfItsHeader) {
  const std::vector<double> first = {1, 2, 3}, second = {0, 1, 2};
  const auto result = CompareMeans(first, second, 20000);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result.value().t, std::sqrt(1.5), 1e-12);
  EXPECT_NEAR(result.value().degrees, 4, 1e-12);
  EXPECT_NEAR(result.value().probability, 0.143932, 1e-6);
  // Counted out in the header; four standard errors.
  EXPECT_NEAR(result.value().by_permutation, 0.25, 4 * std::sqrt(0.25 * 0.75 / 20000));
}

TEST(MeanDifference, GivesTheDegreesOfWelchForUnequalSpreads) {
  // v1 = 1 of 3, v2 = 100 of 5: (1/3 + 20)^2 / ((1/3)^2 / 2 + 20^2 / 4)
  const std::vector<double> first = {9, 10, 11}, second = {-10, 10, 0, 10, -10};
  const auto result = CompareMeans(first, second);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result.value().degrees, std::pow(1.0 / 3 + 20, 2) / (std::pow(1.0 / 3, 2) / 2 + 100), 1e-9);
}

TEST(MeanDifference, IsOneSided) {
  const std::vector<double> low = {0, 1, 2, 3, 4, 5}, high = {10, 11, 12, 13, 14, 15};
  EXPECT_LT(CompareMeans(high, low).value().probability, 1e-4);
  EXPECT_LT(CompareMeans(high, low).value().by_permutation, 0.01);
  EXPECT_GT(CompareMeans(low, high).value().probability, 0.999);
  EXPECT_EQ(CompareMeans(low, high).value().by_permutation, 1);
}

TEST(MeanDifference, WhereNothingSpreadsTheMeansDecide) {
  const std::vector<double> ones(4, 1.0), twos(4, 2.0);
  EXPECT_EQ(CompareMeans(ones, ones).value().probability, 1);
  EXPECT_EQ(CompareMeans(ones, ones).value().by_permutation, 1);
  EXPECT_EQ(CompareMeans(twos, ones).value().probability, 0);
  EXPECT_TRUE(std::isinf(CompareMeans(twos, ones).value().t));
  EXPECT_EQ(CompareMeans(ones, twos).value().probability, 1);
}

// Whatever the distribution, here one with a heavy tail and samples of unequal size: the
// dealing errs as often as it says.
TEST(MeanDifference, ThePermutationKeepsItsLevelWhereNothingDiffers) {
  Random random(11);
  constexpr int kRuns = 2000;
  int alarms = 0, many = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> first, second;
    const auto heavy = [&] { return std::pow(1 - random.Uniform(), -1.2); };
    for (int i = 0; i < 12; ++i) first.push_back(heavy());
    for (int i = 0; i < 20; ++i) second.push_back(heavy());
    const double probability = CompareMeans(first, second, 99, 1000 + run).value().by_permutation;
    alarms += probability <= 0.05 ? 1 : 0;
    many += probability <= 0.5 ? 1 : 0;
  }
  EXPECT_NEAR(alarms, 0.05 * kRuns, 4 * std::sqrt(0.05 * 0.95 * kRuns));
  EXPECT_NEAR(many, 0.5 * kRuns, 4 * std::sqrt(0.25 * kRuns));
}

TEST(MeanDifference, RefusesWhatItCannotCompare) {
  const std::vector<double> two = {1, 2}, one = {1}, bad = {1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_FALSE(CompareMeans(one, two).ok());
  EXPECT_FALSE(CompareMeans(two, one).ok());
  EXPECT_FALSE(CompareMeans(two, bad).ok());
  EXPECT_FALSE(CompareMeans(two, two, 0).ok());
}

}  // namespace
}  // namespace ringfort::statistics
