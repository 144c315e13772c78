#pragma once

#include <span>

#include "base/result.h"

// How much a sample looks like one of a normal distribution: the Shapiro-Wilk W, the
// squared correlation between the sorted sample and what a normal one of that size is
// expected to be. 1 is a perfect likeness, small values are none; shift and scale do
// not matter.
//
// Worked by hand: for three values the expected shape is (-1, 0, 1) / sqrt 2, so that
// W = ((x3 - x1)^2 / 2) / sum (x - mean)^2; (0, 0, 1) has 0.5 / (2/3) = 0.75, the least
// that three values can have.
//
// Source: S. Shapiro, M. Wilk, Biometrika 52 (1965); coefficients by P. Royston,
// "Remark AS R94", Applied Statistics 44 (1995), made for 3 to 5000 values.

namespace ringfort::statistics {

// In (0, 1]. Errors (kInvalidInput): fewer than 3 values, more than 5000, one that is
// not finite, all equal. O(n log n).
Result<double> ShapiroWilk(std::span<const double> sample);

}  // namespace ringfort::statistics
