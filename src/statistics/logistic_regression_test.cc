#include "statistics/logistic_regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

using Labels = std::vector<std::uint8_t>;

// The example of the header: the weight solves w = 2 / (1 + e^w).
TEST(FitLogistic, SolvesTheExampleOfItsHeader) {
  const std::vector<SparseRow> rows = {{{0, 1.0}}, {{0, -1.0}}};
  const LogisticModel model = FitLogistic(rows, Labels{1, 0}, 1).value();
  EXPECT_NEAR(model.intercept, 0, 1e-9);
  EXPECT_NEAR(model.weights[0], 2 / (1 + std::exp(model.weights[0])), 1e-8);
  EXPECT_NEAR(model.weights[0], 0.674831, 1e-6);
}

// Without a feature that tells, the intercept is the log-odds of the labels.
TEST(FitLogistic, TheInterceptIsNotHeldSmall) {
  const std::vector<SparseRow> rows(100);
  Labels labels(100, 1);
  labels[0] = 0;
  const LogisticModel model = FitLogistic(rows, labels, 0, {.strength = 1e-3}).value();
  EXPECT_NEAR(model.intercept, std::log(99.0), 1e-6);
  EXPECT_NEAR(model.Probability({}), 0.99, 1e-8);
}

// At the optimum the gradient vanishes, on any data.
TEST(FitLogistic, StopsWhereTheGradientVanishes) {
  Random random(7);
  for (int round = 0; round < 20; ++round) {
    constexpr std::uint32_t kFeatures = 12;
    std::vector<SparseRow> rows(60);
    Labels labels(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::uint32_t f = 0; f < kFeatures; ++f)
        if (random.Uniform() < 0.4) rows[i].emplace_back(f, 4 * random.Uniform() - 2);
      labels[i] = random.Uniform() < 0.5;
    }
    labels[0] = 1;
    labels[1] = 0;
    const double strength = std::pow(10.0, static_cast<double>(round % 5) - 2);
    const LogisticModel model = FitLogistic(rows, labels, kFeatures, {.strength = strength}).value();
    std::vector<double> gradient(model.weights);
    double intercept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double slope = strength * (model.Probability(rows[i]) - labels[i]);
      intercept += slope;
      for (const auto& [feature, value] : rows[i]) gradient[feature] += slope * value;
    }
    EXPECT_NEAR(intercept, 0, 1e-5 * (1 + strength));
    for (const double part : gradient) EXPECT_NEAR(part, 0, 1e-5 * (1 + strength));
  }
}

TEST(FitLogistic, RefusesWhatCannotBeFitted) {
  const std::vector<SparseRow> rows = {{{0, 1.0}}, {{0, -1.0}}};
  EXPECT_FALSE(FitLogistic(rows, Labels{1, 1}, 1).ok());
  EXPECT_FALSE(FitLogistic(rows, Labels{1}, 1).ok());
  EXPECT_FALSE(FitLogistic(rows, Labels{1, 0}, 0).ok());
  EXPECT_FALSE(FitLogistic({}, {}, 1).ok());
  EXPECT_FALSE(FitLogistic(rows, Labels{1, 0}, 1, {.strength = 0}).ok());
  const std::vector<SparseRow> infinite = {{{0, std::numeric_limits<double>::infinity()}}, {{0, -1.0}}};
  EXPECT_FALSE(FitLogistic(infinite, Labels{1, 0}, 1).ok());
}

}  // namespace
}  // namespace ringfort::statistics
