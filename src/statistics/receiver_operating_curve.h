#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "statistics/interval.h"

// How well a score tells positives (members, attacked inputs) from negatives, at
// every threshold. Higher scores speak for positive.
//
//   positives 3 2 2, negatives 2 1    at or above 3: 1 of 3 and 0 of 2
//                                     at or above 2: 3 of 3 and 1 of 2
//                                     at or above 1: 3 of 3 and 2 of 2
//   area: of 6 pairs 4 are won and 2 tied, so (4 + 2/2) / 6 = 0.8333
//
// A threshold is always one of the scores, or infinity: nothing is drawn between two
// steps of the curve, because no threshold reaches what lies there. Where several
// scores are equal they pass together.
//
// Sources: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters
// 27 (2006); area as the Mann-Whitney statistic, J. Hanley, B. McNeil, Radiology 143
// (1982); why the true-positive rate at a low false-positive rate is the figure that
// counts for membership, N. Carlini et al., arXiv 2112.03570.

namespace ringfort::statistics {

// What passes if every score at or above `threshold` is called positive.
struct OperatingPoint {
  double threshold = 0;
  std::uint64_t true_positives = 0;
  std::uint64_t false_positives = 0;
};

// The highest true-positive rate with a false-positive rate of at most `asked`.
struct RateAtFalsePositiveRate {
  double asked = 0;
  OperatingPoint point{};
  double true_positive_rate = 0;
  double false_positive_rate = 0;  // that was reached; at most `asked`
  // Clopper-Pearson. The first holds for this threshold as if it had been given from
  // outside; that the negatives chose it is not in it. The second says what
  // false-positive rate that threshold may really have.
  Interval true_positive_interval{};
  Interval false_positive_interval{};
  // False where asked * negatives < 1: then no negative may pass and the sample cannot
  // tell this rate from any lower one.
  bool resolved = false;
};

class ReceiverOperatingCurve {
 public:
  // Errors: no positive, no negative, a score that is NaN. O(n log n).
  static Result<ReceiverOperatingCurve> FromScores(std::span<const double> positives,
                                                   std::span<const double> negatives);

  std::uint64_t positives() const { return positives_; }
  std::uint64_t negatives() const { return negatives_; }
  // From nothing passes (threshold infinity) to all pass; one for each distinct score.
  std::span<const OperatingPoint> points() const { return points_; }
  double TruePositiveRate(const OperatingPoint& point) const;
  double FalsePositiveRate(const OperatingPoint& point) const;

  // P(a positive scores above a negative) + P(equal) / 2.
  double Area() const;

  // Errors: a rate outside [0, 1], a confidence not strictly between 0 and 1.
  Result<RateAtFalsePositiveRate> AtFalsePositiveRate(double rate, double confidence = kUsualConfidence) const;

  // For a picture with logarithmic axes: points with both rates above 0, at most
  // `per_decade` of them (the highest of each slice) in a factor of ten of the
  // false-positive rate, and the last one.
  std::vector<OperatingPoint> LogarithmicPoints(std::size_t per_decade = 20) const;

 private:
  ReceiverOperatingCurve() = default;

  std::uint64_t positives_ = 0;
  std::uint64_t negatives_ = 0;
  std::vector<OperatingPoint> points_{};
};

}  // namespace ringfort::statistics
