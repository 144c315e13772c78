#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"

// P(label | features) = 1 / (1 + exp(-(intercept + weights . features))), fitted by the
// weights that make
//
//   1/2 |weights|^2 + strength * sum log(1 + exp(-y (intercept + weights . features)))
//
// least, y = 1 for true and -1 for false. The intercept is not held small. The function
// is strictly convex in the weights: the answer does not depend on where one starts.
//
// Worked by hand: the feature +1 labeled true, -1 labeled false, strength 1. By symmetry
// the intercept is 0 and the two rows pull alike, so that the weight is where its own
// size holds them: w = 2 / (1 + e^w), which is 0.674831.
//
// Source: truncated Newton, C. Lin, R. Weng, S. Keerthi, "Trust Region Newton Method for
// Large-Scale Logistic Regression", JMLR 9 (2008), with a line search in place of the
// trust region.
//
// Time O(iterations * entries); memory O(features + rows). Any thread.

namespace ringfort::statistics {

// One row: the features that are not zero, by number.
using SparseRow = std::vector<std::pair<std::uint32_t, double>>;

struct LogisticOptions {
  double strength = 1;  // above 0; larger fits closer (scikit-learn's C)
  std::uint32_t iterations = 100;
  double tolerance = 1e-8;  // of the gradient's length, as a share of the first one
};

struct LogisticModel {
  std::vector<double> weights{};
  double intercept = 0;

  // Log-odds of true; features past the last weight count nothing.
  double LogOdds(const SparseRow& row) const;
  double Probability(const SparseRow& row) const;
};

// Errors (kInvalidInput): as many labels as rows it must be, at least one of each kind;
// a feature's number at or past `features`; a value that is not finite; a bad option.
Result<LogisticModel> FitLogistic(std::span<const SparseRow> rows, std::span<const std::uint8_t> labels,
                                  std::uint32_t features, const LogisticOptions& options = {});

}  // namespace ringfort::statistics
