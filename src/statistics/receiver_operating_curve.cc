#include "statistics/receiver_operating_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "statistics/proportion_interval.h"

namespace ringfort::statistics {

Result<ReceiverOperatingCurve> ReceiverOperatingCurve::FromScores(std::span<const double> positives,
                                                                  std::span<const double> negatives) {
  if (positives.empty() || negatives.empty())
    return Error{Fault::kInvalidInput, "a curve needs scores of positives and of negatives"};
  for (const std::span<const double> scores : {positives, negatives})
    if (std::any_of(scores.begin(), scores.end(), [](double score) { return std::isnan(score); }))
      return Error{Fault::kInvalidInput, "a score is not a number"};
  std::vector<double> high(positives.begin(), positives.end());
  std::vector<double> low(negatives.begin(), negatives.end());
  std::sort(high.begin(), high.end(), std::greater<>());
  std::sort(low.begin(), low.end(), std::greater<>());
  ReceiverOperatingCurve curve;
  curve.positives_ = high.size();
  curve.negatives_ = low.size();
  OperatingPoint point{std::numeric_limits<double>::infinity(), 0, 0};
  // An infinite score passes at infinity too; only without one does the curve begin at nothing.
  if (high.front() != point.threshold && low.front() != point.threshold) curve.points_.push_back(point);
  while (point.true_positives < high.size() || point.false_positives < low.size()) {
    point.threshold = -std::numeric_limits<double>::infinity();
    if (point.true_positives < high.size()) point.threshold = high[point.true_positives];
    if (point.false_positives < low.size()) point.threshold = std::max(point.threshold, low[point.false_positives]);
    while (point.true_positives < high.size() && high[point.true_positives] == point.threshold) ++point.true_positives;
    while (point.false_positives < low.size() && low[point.false_positives] == point.threshold) ++point.false_positives;
    curve.points_.push_back(point);
  }
  return curve;
}

double ReceiverOperatingCurve::TruePositiveRate(const OperatingPoint& point) const {
  return static_cast<double>(point.true_positives) / static_cast<double>(positives_);
}

double ReceiverOperatingCurve::FalsePositiveRate(const OperatingPoint& point) const {
  return static_cast<double>(point.false_positives) / static_cast<double>(negatives_);
}

double ReceiverOperatingCurve::Area() const {
  // Trapezoids count a tie as half. Twice the area in pairs is a whole number.
  double twice = 0;
  OperatingPoint before{};
  for (const OperatingPoint& point : points_) {
    twice += static_cast<double>(point.false_positives - before.false_positives) *
             static_cast<double>(point.true_positives + before.true_positives);
    before = point;
  }
  return twice / 2 / (static_cast<double>(positives_) * static_cast<double>(negatives_));
}

Result<RateAtFalsePositiveRate> ReceiverOperatingCurve::AtFalsePositiveRate(double rate, double confidence) const {
  if (!(rate >= 0 && rate <= 1)) return Error{Fault::kInvalidInput, fmt::format("{} is not a rate", rate)};
  RateAtFalsePositiveRate answer;
  answer.asked = rate;
  // 0.01 of 300 is 3, whatever the product in binary says.
  const double allowed = std::floor(rate * static_cast<double>(negatives_) * (1 + 1e-12) + 1e-12);
  answer.resolved = allowed >= 1;
  answer.point.threshold = std::numeric_limits<double>::infinity();
  for (const OperatingPoint& point : points_) {
    if (static_cast<double>(point.false_positives) > allowed) break;
    answer.point = point;
  }
  answer.true_positive_rate = TruePositiveRate(answer.point);
  answer.false_positive_rate = FalsePositiveRate(answer.point);
  TRY(true_positive, ClopperPearsonInterval(answer.point.true_positives, positives_, confidence));
  TRY(false_positive, ClopperPearsonInterval(answer.point.false_positives, negatives_, confidence));
  answer.true_positive_interval = true_positive;
  answer.false_positive_interval = false_positive;
  return answer;
}

std::vector<OperatingPoint> ReceiverOperatingCurve::LogarithmicPoints(std::size_t per_decade) const {
  std::vector<OperatingPoint> kept;
  double slice = std::numeric_limits<double>::quiet_NaN();
  for (const OperatingPoint& point : points_) {
    if (point.false_positives == 0 || point.true_positives == 0) continue;
    const double own = std::floor(std::log10(FalsePositiveRate(point)) * static_cast<double>(per_decade) + 1e-9);
    // Points come with rising rates, so the last of a slice is its highest.
    if (own == slice)
      kept.back() = point;
    else
      kept.push_back(point);
    slice = own;
  }
  return kept;
}

}  // namespace ringfort::statistics
