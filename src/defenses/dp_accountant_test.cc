#include "defenses/dp_accountant.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringfort::defenses {
namespace {

struct Row {
  double noise, epochs, classic, order, tighter, published;
};
// Reference values at q = 256/60000, delta 1e-5; the last column is the tutorial of
// tensorflow/privacy.
constexpr Row kRows[] = {{1.3, 15, 1.1922139923, 17, 0.9545135365, 1.19},
                         {1.1, 60, 3.0091553494, 9, 2.5966056988, 3.01},
                         {0.7, 45, 7.1228942297, 4, 6.3183485430, 7.10}};

std::vector<double> WholeOrders() {
  std::vector<double> orders;
  for (int order = 2; order <= 256; ++order) orders.push_back(order);
  return orders;
}

TEST(SpentByTraining, MeetsThePublishedFigures) {
  for (const Row& row : kRows) {
    const double rate = 256.0 / 60000, steps = row.epochs / rate;
    const auto classic = SpentByTraining(rate, row.noise, steps, 1e-5, Conversion::kClassic, WholeOrders()).value();
    EXPECT_NEAR(classic.epsilon, row.classic, 1e-6 * row.classic);
    EXPECT_EQ(classic.order, row.order);
    EXPECT_NEAR(classic.epsilon, row.published, 0.03);
    const auto tighter = SpentByTraining(rate, row.noise, steps, 1e-5, Conversion::kTighter).value();
    EXPECT_NEAR(tighter.epsilon, row.tighter, 1e-6 * row.tighter);
  }
  EXPECT_NEAR(SpentByTraining(0.01, 4, 10'000, 1e-5, Conversion::kClassic, WholeOrders()).value().epsilon, 1.2585747413,
              1e-6);
  EXPECT_NEAR(SpentByTraining(0.01, 4, 10'000, 1e-5, Conversion::kTighter).value().epsilon, 1.0354900661, 1e-6);
}

TEST(SampledGaussianDivergence, MeetsTheReferenceValues) {
  EXPECT_NEAR(SampledGaussianDivergence(0.01, 4, 2), 6.449425094e-6, 1e-14);
  EXPECT_NEAR(SampledGaussianDivergence(0.01, 4, 8), 2.589912301e-5, 1e-13);
  EXPECT_NEAR(SampledGaussianDivergence(0.01, 4, 32), 1.052636066e-4, 1e-12);
  EXPECT_DOUBLE_EQ(SampledGaussianDivergence(1, 2, 5), 5.0 / 8);
  EXPECT_EQ(SampledGaussianDivergence(0, 2, 5), 0);
  EXPECT_EQ(SampledGaussianDivergence(0.1, 0, 5), std::numeric_limits<double>::infinity());
}

// The two formulas meet where one order approaches the other, and more noise, less data
// or a lower order never cost more.
TEST(SampledGaussianDivergence, IsContinuousAndMonotone) {
  for (const double rate : {0.001, 0.01, 0.2})
    for (const double noise : {0.7, 1.0, 4.0})
      for (const int order : {2, 3, 8}) {
        const double at = SampledGaussianDivergence(rate, noise, order);
        EXPECT_NEAR(SampledGaussianDivergence(rate, noise, order + 1e-7), at, 1e-5 * at + 1e-13);
        EXPECT_LE(at, SampledGaussianDivergence(rate, noise, order + 0.5) * (1 + 1e-9));
        EXPECT_LE(SampledGaussianDivergence(rate, noise * 1.1, order), at);
        EXPECT_LE(SampledGaussianDivergence(rate / 2, noise, order), at);
      }
}

TEST(SpentByTraining, TheTighterConversionIsTighter) {
  for (const double steps : {10.0, 1000.0, 100'000.0}) {
    const auto spent = [&](Conversion conversion) {
      return SpentByTraining(0.01, 1.1, steps, 1e-6, conversion).value().epsilon;
    };
    EXPECT_LT(spent(Conversion::kTighter), spent(Conversion::kClassic));
  }
  EXPECT_EQ(SpentByTraining(0, 1, 100, 1e-5, Conversion::kTighter).value().epsilon, 0);
  EXPECT_TRUE(std::isinf(SpentByTraining(0.1, 0, 1, 1e-5, Conversion::kTighter).value().epsilon));
}

TEST(NoiseFor, IsTheLeastThatKeepsEpsilon) {
  for (const double epsilon : {0.5, 2.0, 8.0}) {
    const double noise = NoiseFor(0.01, 5000, epsilon, 1e-5).value();
    const auto spent = [&](double at) {
      return SpentByTraining(0.01, at, 5000, 1e-5, Conversion::kTighter).value().epsilon;
    };
    EXPECT_LE(spent(noise), epsilon);
    EXPECT_GT(spent(noise * 0.998), epsilon);
  }
}

TEST(SpentByTraining, RefusesWhatIsNoTraining) {
  EXPECT_FALSE(SpentByTraining(1.5, 1, 1, 1e-5, Conversion::kClassic).ok());
  EXPECT_FALSE(SpentByTraining(0.1, -1, 1, 1e-5, Conversion::kClassic).ok());
  EXPECT_FALSE(SpentByTraining(0.1, 1, 1, 0, Conversion::kClassic).ok());
  EXPECT_FALSE(SpentByTraining(0.1, 1, 1, 1e-5, Conversion::kClassic, {}).ok());
  EXPECT_FALSE(NoiseFor(0.1, 10, 0, 1e-5).ok());
}

}  // namespace
}  // namespace ringfort::defenses
