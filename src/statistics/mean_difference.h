#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

// Is the mean of the first sample above that of the second?
//
//   t = (m1 - m2) / sqrt(v1 / n1 + v2 / n2)       v: variances with n - 1
//
// against Student's t with the degrees of freedom of Welch, which need not be whole:
//
//   (v1/n1 + v2/n2)^2 / ((v1/n1)^2 / (n1 - 1) + (v2/n2)^2 / (n2 - 1))
//
//   1, 2, 3 against 0, 1, 2: t = 1 / sqrt(2/3) = 1.2247 with 4 degrees, P(T >= t) = 0.1439
//
// It is exact for normal samples of equal variance and nearly so elsewhere. The second way
// asks for no distribution: if nothing tells the two samples apart, any way of dealing the
// values to them is as likely as the one that was seen, and the share of dealings with as
// large a difference, the seen one counted, errs at no more than its own level:
//
//   of the 20 ways to deal those six values, 5 give a difference of 1 or more: 0.25
//
// Both are one-sided. Sources: B. Welch, Biometrika 34 (1947); for the seen one counted, B.
// Phipson, G. Smyth, Statistical Applications in Genetics 9 (2010). Any thread.

namespace ringfort::statistics {

struct MeanDifference {
  double first = 0;  // means
  double second = 0;
  double t = 0;               // 0 where no value differs; infinite where only the means do
  double degrees = 0;         // of freedom
  double probability = 1;     // P(T >= t) by Welch
  double by_permutation = 1;  // not below 1 / (permutations + 1)
};

// `permutations` dealings drawn by `seed`. Errors (kInvalidInput): fewer than 2 values in a
// sample; one that is not finite; no permutation. O(permutations * values).
Result<MeanDifference> CompareMeans(std::span<const double> first, std::span<const double> second,
                                    std::uint32_t permutations = 9999, std::uint64_t seed = 1);

}  // namespace ringfort::statistics
