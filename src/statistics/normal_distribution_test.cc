#include "statistics/normal_distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringfort::statistics {
namespace {

TEST(NormalDistribution, HasTheTablesValues) {
  EXPECT_NEAR(NormalQuantile(.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(NormalHalfWidth(.95), 1.959963984540054, 1e-12);
  EXPECT_NEAR(NormalQuantile(.9), 1.2815515655446004, 1e-12);
  EXPECT_NEAR(NormalDistribution(-1), 0.15865525393145707, 1e-14);
  EXPECT_NEAR(TwoSidedProbability(-1.959963984540054), .05, 1e-14);
}

TEST(NormalDistribution, QuantileUndoesIt) {
  for (double probability = .001; probability < 1; probability += .007)
    EXPECT_NEAR(NormalDistribution(NormalQuantile(probability)), probability, 1e-13);
}

TEST(NormalDistribution, HasEnds) {
  EXPECT_EQ(NormalQuantile(1), std::numeric_limits<double>::infinity());
  EXPECT_EQ(NormalQuantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(NormalQuantile(-.1)));
  EXPECT_TRUE(std::isnan(NormalQuantile(std::nan(""))));
}

}  // namespace
}  // namespace ringfort::statistics
