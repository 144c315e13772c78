#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "statistics/bootstrap.h"
#include "statistics/interval.h"

// How far the area under a receiver operating curve may lie from the one of this
// sample, and whether one score is really better than another on the same sample.
//
// DeLong's variance looks at what share of the other class each element beats (ties
// half): with V_i for positives and W_j for negatives the area is the mean of either,
// and its variance var(V) / positives + var(W) / negatives.
//
// Where every positive beats every negative (or none does) that variance is 0 and would
// claim certainty. Then the interval is Clopper-Pearson's for min(positives, negatives)
// wins of as many: disjoint pairs are independent tries of the area itself, so it holds
// exactly. That fallback is ours.
//
// Sources: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988); X. Sun, W. Xu,
// "Fast Implementation of DeLong's Algorithm", IEEE Signal Processing Letters 21 (2014):
// midranks in place of all pairs, O(n log n). The interval is built for the logit of the
// area and turned back (M. Pepe, 2003), so it stays inside [0, 1].
//
// Elements are taken as independent: with several generations a prompt use a clustered
// bootstrap. Any thread.

namespace ringfort::statistics {

struct AurocEstimate {
  double area = 0;
  double variance = 0;
  Interval interval{};
  std::uint64_t positives = 0;
  std::uint64_t negatives = 0;
};

// Errors: fewer than two of a class, a score that is NaN, a confidence not strictly
// between 0 and 1.
Result<AurocEstimate> DeLongAuroc(std::span<const double> positives, std::span<const double> negatives,
                                  double confidence = kUsualConfidence);

// Two scores of the same elements, in the same order.
struct PairedScores {
  std::span<const double> first_positives{};
  std::span<const double> second_positives{};
  std::span<const double> first_negatives{};
  std::span<const double> second_negatives{};
};

struct AurocDifference {
  double first = 0;
  double second = 0;
  double difference = 0;  // first - second
  double variance = 0;    // of the difference
  Interval interval{};    // of the difference, within [-1, 1]
  // Two-sided, that the areas are the same; 1 where the two scores order all elements
  // alike; NaN where they do not and yet show no spread.
  double probability = 1;
};

// Errors: as above; lengths that do not match.
Result<AurocDifference> DeLongDifference(const PairedScores& scores, double confidence = kUsualConfidence);

// The second way, without any formula: positives and negatives are drawn again, each
// among themselves. O(resamples * n log n). Errors: as above.
Result<Interval> BootstrapAuroc(std::span<const double> positives, std::span<const double> negatives,
                                const BootstrapOptions& options = {});

}  // namespace ringfort::statistics
