#include "statistics/skew_normal.h"

#include <algorithm>
#include <boost/math/special_functions/owens_t.hpp>
#include <cmath>
#include <numbers>

#include "statistics/boost_policy_internal.h"
#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

constexpr double kMostSkewness = 0.99;

double LogNormalDistribution(double z) {
  if (z > -30) return std::log(std::erfc(-z / std::numbers::sqrt2) / 2);
  const double square = z * z;  // asymptotic; the next term is below 1e-7 of the sum
  return -square / 2 - std::log(-z) - std::log(2 * std::numbers::pi) / 2 +
         std::log1p(-1 / square + 3 / square / square);
}

double LogDensity(double z, double shape) {
  return std::log(2.0) - std::log(2 * std::numbers::pi) / 2 - z * z / 2 + LogNormalDistribution(shape * z);
}

// The integral of the density below z <= 0 as a share of the density at z, over the
// distance u = e^s: the trapezoid rule in s needs no scale and is exact to 1e-10.
double LogTail(double z, double shape) {
  constexpr double kStep = 0.01, kNear = -35, kFar = 6;
  const double top = LogDensity(z, shape);
  double sum = 0;
  for (double s = kNear; s < kFar; s += kStep) {
    const double distance = std::exp(s);
    sum += std::exp(LogDensity(z - distance, shape) - top) * distance;
  }
  return top + std::log(sum * kStep);
}

}  // namespace

double SkewNormal::LogDistribution(double value) const {
  const double z = (value - location) / scale;
  if (z <= 0) return LogTail(z, shape);
  const double below = std::erfc(-z / std::numbers::sqrt2) / 2 - 2 * boost::math::owens_t(z, shape, kNoThrow);
  return std::log(std::clamp(below, 0.0, 1.0));
}

Result<SkewNormal> FitSkewNormal(std::span<const double> sample) {
  if (sample.size() < 3) return Error{Fault::kInvalidInput, "a skew-normal distribution is fitted to 3 values or more"};
  const double mean = Mean(sample);
  double square = 0, cube = 0;
  for (const double value : sample) {
    const double apart = value - mean;
    square += apart * apart / static_cast<double>(sample.size());
    cube += apart * apart * apart / static_cast<double>(sample.size());
  }
  if (!std::isfinite(square) || !std::isfinite(cube) || !(square > 0))
    return Error{Fault::kInvalidInput, "values that are all equal, or not finite, fit no distribution"};
  const double skewness = std::clamp(cube / (square * std::sqrt(square)), -kMostSkewness, kMostSkewness);
  const double power = std::pow(std::abs(skewness), 2.0 / 3);
  const double lean = std::copysign(
      std::sqrt(std::numbers::pi / 2 * power / (power + std::pow((4 - std::numbers::pi) / 2, 2.0 / 3))), skewness);
  SkewNormal fitted;
  fitted.shape = lean / std::sqrt(1 - lean * lean);
  fitted.scale = std::sqrt(square / (1 - 2 * lean * lean / std::numbers::pi));
  fitted.location = mean - fitted.scale * lean * std::sqrt(2 / std::numbers::pi);
  return fitted;
}

}  // namespace ringfort::statistics
