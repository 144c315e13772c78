#include "statistics/normality.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {
namespace {

// The upper half of the weights, largest first; the lower half mirrors it.
std::vector<double> UpperWeights(std::size_t count) {
  const std::size_t half = count / 2;
  if (count == 3) return {std::sqrt(0.5)};
  const boost::math::normal_distribution<double, NoThrow> normal;
  std::vector<double> expected(half);
  double squares = 0;
  for (std::size_t i = 0; i < half; ++i) {
    const double place = (static_cast<double>(count - i) - 0.375) / (static_cast<double>(count) + 0.25);
    expected[i] = boost::math::quantile(normal, place);
    squares += 2 * expected[i] * expected[i];
  }
  const double u = 1 / std::sqrt(static_cast<double>(count));
  const double length = std::sqrt(squares);
  const double first =
      expected[0] / length + u * (0.221157 + u * (-0.147981 + u * (-2.071190 + u * (4.434685 - 2.706056 * u))));
  const double second =
      expected[1] / length + u * (0.042981 + u * (-0.293762 + u * (-1.752461 + u * (5.682633 - 3.582633 * u))));
  const bool two = count > 5;
  double rest = squares - 2 * expected[0] * expected[0];
  double left = 1 - 2 * first * first;
  if (two) {
    rest -= 2 * expected[1] * expected[1];
    left -= 2 * second * second;
  }
  const double scale = std::sqrt(left / rest);
  std::vector<double> weights(half);
  for (std::size_t i = 0; i < half; ++i) weights[i] = expected[i] * scale;
  weights[0] = first;
  if (two) weights[1] = second;
  return weights;
}

}  // namespace

Result<double> ShapiroWilk(std::span<const double> sample) {
  if (sample.size() < 3 || sample.size() > 5000)
    return Error{Fault::kInvalidInput, fmt::format("Shapiro-Wilk takes 3 to 5000 values, not {}", sample.size())};
  std::vector<double> sorted(sample.begin(), sample.end());
  for (const double value : sorted)
    if (!std::isfinite(value)) return Error{Fault::kInvalidInput, "Shapiro-Wilk takes finite values alone"};
  std::sort(sorted.begin(), sorted.end());
  const double least = sorted.front();
  const double range = sorted.back() - least;
  if (!(range > 0) || !std::isfinite(range))
    return Error{Fault::kInvalidInput, "values that are all equal, or too far apart, have no shape"};
  double mean = 0;
  for (double& value : sorted) {
    value = (value - least) / range;
    mean += value / static_cast<double>(sorted.size());
  }
  double squares = 0;
  for (const double value : sorted) squares += (value - mean) * (value - mean);
  const std::vector<double> weights = UpperWeights(sorted.size());
  double along = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) along += weights[i] * (sorted[sorted.size() - 1 - i] - sorted[i]);
  return std::min(1.0, along * along / squares);
}

}  // namespace ringfort::statistics
