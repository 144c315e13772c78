#include "statistics/power.h"

#include <fmt/format.h>

#include <cmath>

#include "statistics/normal_distribution.h"

namespace ringfort::statistics {
namespace {

constexpr std::uint64_t kMostTries = 1'000'000'000'000;

Status Check(double first, double second, double alpha) {
  for (const double rate : {first, second})
    if (!(rate >= 0 && rate <= 1)) return Error{Fault::kInvalidInput, fmt::format("{} is not a rate", rate)};
  if (first == second) return Error{Fault::kInvalidInput, "two equal rates cannot be told apart"};
  if (!(alpha > 0 && alpha < 1)) return Error{Fault::kInvalidInput, "alpha lies strictly between 0 and 1"};
  return Done{};
}

double Together(double first, double second) {
  const double middle = (first + second) / 2;
  return std::sqrt(2 * middle * (1 - middle));
}

double Apart(double first, double second) { return std::sqrt(first * (1 - first) + second * (1 - second)); }

// Whether `tries` an arm suffice to tell `other` from `rate`; equal rates never.
bool Suffices(double rate, double other, double tries, const PowerOptions& options) {
  const auto needed = TriesForDifference(rate, other, options);
  return needed.ok() && needed.value() <= tries;
}

// The nearest rate to `rate` on the way to `end` that is told apart; Suffices(rate, end) holds.
double Nearest(double rate, double end, double tries, const PowerOptions& options) {
  double near = rate, far = end;
  for (int i = 0; i < 100 && std::abs(far - near) > 1e-14; ++i) {
    const double middle = (near + far) / 2;
    (Suffices(rate, middle, tries, options) ? far : near) = middle;
  }
  return far;
}

double WilsonHalfWidth(double rate, double tries, double z) {
  return z * std::sqrt(rate * (1 - rate) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries);
}

}  // namespace

Result<double> TriesForDifference(double first, double second, const PowerOptions& options) {
  TRY_STATUS(Check(first, second, options.alpha));
  if (!(options.power > 0 && options.power < 1))
    return Error{Fault::kInvalidInput, "power lies strictly between 0 and 1"};
  const double root = (NormalHalfWidth(1 - options.alpha) * Together(first, second) +
                       NormalQuantile(options.power) * Apart(first, second)) /
                      (first - second);
  return root * root;
}

Result<double> PowerOfComparison(double first, double second, double tries, double alpha) {
  TRY_STATUS(Check(first, second, alpha));
  if (!(tries > 0)) return Error{Fault::kInvalidInput, "without tries nothing is shown"};
  const double distance =
      std::sqrt(tries) * std::abs(first - second) - NormalHalfWidth(1 - alpha) * Together(first, second);
  const double spread = Apart(first, second);
  if (spread == 0) return distance > 0 ? 1.0 : 0.0;
  return NormalDistribution(distance / spread);
}

Result<DetectableRates> DetectableDifference(double rate, double tries, const PowerOptions& options) {
  if (!(rate >= 0 && rate <= 1)) return Error{Fault::kInvalidInput, fmt::format("{} is not a rate", rate)};
  if (!(tries > 0)) return Error{Fault::kInvalidInput, "without tries nothing is shown"};
  TRY_STATUS(TriesForDifference(0, 1, options));  // alpha and power
  DetectableRates rates;
  rates.has_lower = Suffices(rate, 0, tries, options);
  rates.has_upper = Suffices(rate, 1, tries, options);
  if (rates.has_lower) rates.lower = Nearest(rate, 0, tries, options);
  if (rates.has_upper) rates.upper = Nearest(rate, 1, tries, options);
  return rates;
}

Result<std::uint64_t> TriesForHalfWidth(double rate, double half_width, double confidence) {
  if (!(rate >= 0 && rate <= 1)) return Error{Fault::kInvalidInput, fmt::format("{} is not a rate", rate)};
  if (!(half_width > 0 && half_width <= 0.5))
    return Error{Fault::kInvalidInput, fmt::format("no interval of a rate is {} wide on either side", half_width)};
  if (!(confidence > 0 && confidence < 1))
    return Error{Fault::kInvalidInput, "a confidence lies strictly between 0 and 1"};
  const double z = NormalHalfWidth(confidence);
  std::uint64_t enough = 1;
  while (WilsonHalfWidth(rate, static_cast<double>(enough), z) > half_width) {
    if (enough > kMostTries) return Error{Fault::kLimitExceeded, "no plan makes that many tries"};
    enough *= 2;
  }
  // The width falls with the tries.
  std::uint64_t short_of = enough / 2;
  while (enough - short_of > 1) {
    const std::uint64_t middle = short_of + (enough - short_of) / 2;
    (WilsonHalfWidth(rate, static_cast<double>(middle), z) > half_width ? short_of : enough) = middle;
  }
  return enough;
}

}  // namespace ringfort::statistics
