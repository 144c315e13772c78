#include "statistics/normality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

double W(const std::vector<double>& sample) { return ShapiroWilk(sample).value(); }

TEST(ShapiroWilk, ThreeValuesByHand) {
  EXPECT_NEAR(W({0, 0, 1}), 0.75, 1e-12);
  EXPECT_NEAR(W({-1, 0, 1}), 1, 1e-12);
}

// The weights of eleven men, the example of the paper of 1965 (W = 0.79 there, by
// tabled coefficients).
TEST(ShapiroWilk, TheMensWeightsOfThePaper) {
  EXPECT_NEAR(W({148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236}), 0.78881, 1e-5);
}

TEST(ShapiroWilk, ShiftScaleAndOrderDoNotMatter) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> sample(3 + random.Below(60));
    for (double& value : sample) value = random.Uniform();
    const double before = W(sample);
    EXPECT_GT(before, 0);
    EXPECT_LE(before, 1);
    for (double& value : sample) value = 7 - 3 * value;
    std::swap(sample.front(), sample.back());
    EXPECT_NEAR(W(sample), before, 1e-9);
  }
}

TEST(ShapiroWilk, TellsNormalFromTwoHeaps) {
  Random random(5);
  std::vector<double> normal(200), heaps(200);
  for (double& value : normal)
    value = std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(6.283185307179586 * random.Uniform());
  for (double& value : heaps) value = (random.Uniform() < 0.5 ? 0 : 10) + random.Uniform();
  EXPECT_GT(W(normal), 0.98);
  EXPECT_LT(W(heaps), 0.8);
}

TEST(ShapiroWilk, RefusesWhatHasNoShape) {
  EXPECT_FALSE(ShapiroWilk(std::vector<double>{1, 2}).ok());
  EXPECT_FALSE(ShapiroWilk(std::vector<double>{1, 1, 1}).ok());
  EXPECT_FALSE(ShapiroWilk(std::vector<double>{1, 2, std::numeric_limits<double>::quiet_NaN()}).ok());
  EXPECT_FALSE(ShapiroWilk(std::vector<double>(5001, 1.0)).ok());
}

}  // namespace
}  // namespace ringfort::statistics
