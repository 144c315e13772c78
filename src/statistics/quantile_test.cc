#include "statistics/quantile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

TEST(Quantile, OfAFewValues) {
  const std::vector<double> sample = {40, 10, 30, 20};
  EXPECT_EQ(Quantile(sample, 0), 10);
  EXPECT_EQ(Quantile(sample, 1), 40);
  EXPECT_EQ(Median(sample), 25);
  EXPECT_NEAR(Quantile(sample, 0.25), 17.5, 1e-12);
  EXPECT_EQ(Quantile(sample, -3), 10);
  EXPECT_EQ(Quantile(sample, 7), 40);
}

TEST(Quantile, OfNothingIsNotANumber) {
  EXPECT_TRUE(std::isnan(Quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(Mean({})));
  EXPECT_TRUE(std::isnan(Variance(std::vector<double>{1})));
}

TEST(Quantile, KeepsInfinityToItsOwnPlace) {
  EXPECT_EQ(Median(std::vector<double>{1, 2, INFINITY}), 2);
  EXPECT_EQ(Quantile(std::vector<double>{-INFINITY, 2}, 1), 2);
}

TEST(Quantile, RisesWithTheProbability) {
  Random random(3);
  std::vector<double> sample(101);
  for (double& value : sample) value = random.Uniform();
  double last = -1;
  for (double p = 0; p <= 1; p += 0.003) {
    const double value = Quantile(sample, p);
    EXPECT_GE(value, last);
    last = value;
  }
}

TEST(Variance, DoesNotCancel) {
  const std::vector<double> sample = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
  EXPECT_DOUBLE_EQ(Variance(sample), 30);
  EXPECT_DOUBLE_EQ(Mean(sample), 1e9 + 10);
}

}  // namespace
}  // namespace ringfort::statistics
