#include "statistics/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ringfort::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double QuantileOfSorted(std::span<const double> sorted, double probability) {
  if (sorted.empty()) return kNaN;
  const double place = std::clamp(probability, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(place);
  const auto index = static_cast<std::size_t>(below);
  const double part = place - below;
  // An infinite neighbor must not turn the exact value into NaN.
  if (part == 0) return sorted[index];
  return sorted[index] * (1 - part) + sorted[index + 1] * part;
}

double Quantile(std::span<const double> sample, double probability) {
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  return QuantileOfSorted(sorted, probability);
}

double Mean(std::span<const double> sample) {
  if (sample.empty()) return kNaN;
  double mean = 0, count = 0;
  for (const double value : sample) mean += (value - mean) / ++count;
  return mean;
}

double Variance(std::span<const double> sample) {
  if (sample.size() < 2) return kNaN;
  // Welford's running form: no cancellation of large squares.
  double mean = 0, squares = 0, count = 0;
  for (const double value : sample) {
    const double before = value - mean;
    mean += before / ++count;
    squares += before * (value - mean);
  }
  return squares / (count - 1);
}

}  // namespace ringfort::statistics
