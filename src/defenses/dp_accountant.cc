#include "defenses/dp_accountant.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ringfort::defenses {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double LogSum(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == -kInfinity ? a : a + std::log1p(std::exp(b - a));
}

// log(exp(a) - exp(b)) for a > b.
double LogDifference(double a, double b) { return b == -kInfinity ? a : a + std::log(-std::expm1(b - a)); }

double LogChoose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

double LogErfc(double x) {
  if (x < 25) return std::log(std::erfc(x));
  const double square = x * x;  // asymptotic, the rest below 1e-8
  return -square - std::log(x) - std::log(std::numbers::pi) / 2 + std::log1p(-0.5 / square + 0.75 / square / square);
}

// log of the a-th moment for a whole order: a finite sum.
double LogMomentOfWhole(double rate, double noise, int order) {
  double sum = -kInfinity;
  for (int k = 0; k <= order; ++k) {
    const double term = LogChoose(order, k) + k * std::log(rate) + (order - k) * std::log1p(-rate) +
                        static_cast<double>(k) * (k - 1) / (2 * noise * noise);
    sum = LogSum(sum, term);
  }
  return sum;
}

// Between whole orders: the integral is split where the two densities cross, and each part
// is a series (section 3.3 of arXiv:1908.10530). Terms alternate past the order.
double LogMomentOfFraction(double rate, double noise, double order) {
  const double cross = noise * noise * std::log(1 / rate - 1) + 0.5;
  double plus = -kInfinity, minus = -kInfinity;
  // C(order, i) is a product of falling factors; its sign turns past the order.
  double log_coefficient = 0;
  bool negative = false;
  for (int i = 0; i < 100'000; ++i) {
    const double j = order - i;
    const double low = log_coefficient + i * std::log(rate) + j * std::log1p(-rate) +
                       static_cast<double>(i) * (i - 1) / (2 * noise * noise) - std::numbers::ln2 +
                       LogErfc((i - cross) / (std::numbers::sqrt2 * noise));
    const double high = log_coefficient + j * std::log(rate) + i * std::log1p(-rate) +
                        j * (j - 1) / (2 * noise * noise) - std::numbers::ln2 +
                        LogErfc((cross - j) / (std::numbers::sqrt2 * noise));
    double& side = negative ? minus : plus;
    side = LogSum(side, LogSum(low, high));
    const double largest = std::max(low, high);
    if (i > order && largest < plus - 40) break;
    const double factor = (order - i) / (i + 1);
    log_coefficient += std::log(std::abs(factor));
    if (factor < 0) negative = !negative;
  }
  return minus < plus ? LogDifference(plus, minus) : kInfinity;
}

}  // namespace

double SampledGaussianDivergence(double rate, double noise, double order) {
  if (rate == 0) return 0;
  if (noise == 0) return kInfinity;
  if (rate == 1) return order / (2 * noise * noise);
  const bool whole = order == std::floor(order) && order < 10'000;
  const double log_moment =
      whole ? LogMomentOfWhole(rate, noise, static_cast<int>(order)) : LogMomentOfFraction(rate, noise, order);
  return std::max(0.0, log_moment / (order - 1));
}

std::vector<double> UsualOrders() {
  std::vector<double> orders;
  for (int tenth = 11; tenth < 110; ++tenth) orders.push_back(tenth / 10.0);
  for (int order = 12; order < 64; ++order) orders.push_back(order);
  return orders;
}

Result<PrivacySpent> SpentByTraining(double rate, double noise, double steps, double delta, Conversion conversion,
                                     std::span<const double> orders) {
  if (!(rate >= 0 && rate <= 1 && noise >= 0 && steps >= 0 && std::isfinite(steps) && delta > 0 && delta < 1))
    return Error{Fault::kInvalidInput,
                 fmt::format("no training has a sampling rate of {}, noise {}, {} steps and delta {}", rate, noise,
                             steps, delta)};
  if (orders.empty() || !std::all_of(orders.begin(), orders.end(), [](double order) { return order > 1; }))
    return Error{Fault::kInvalidInput, "orders of a Renyi divergence must be above 1, and there must be one"};
  if (rate == 0 || steps == 0) return PrivacySpent{};
  PrivacySpent spent{kInfinity, 0};
  for (const double order : orders) {
    const double divergence = steps * SampledGaussianDivergence(rate, noise, order);
    const double epsilon = conversion == Conversion::kClassic ? divergence - std::log(delta) / (order - 1)
                                                              : divergence + std::log1p(-1 / order) -
                                                                    (std::log(delta) + std::log(order)) / (order - 1);
    if (std::max(0.0, epsilon) < spent.epsilon) spent = {std::max(0.0, epsilon), order};
  }
  return spent;
}

Result<PrivacySpent> SpentByTraining(double rate, double noise, double steps, double delta, Conversion conversion) {
  return SpentByTraining(rate, noise, steps, delta, conversion, UsualOrders());
}

Result<double> NoiseFor(double rate, double steps, double epsilon, double delta) {
  if (!(epsilon > 0)) return Error{Fault::kInvalidInput, "an epsilon to keep must be above 0"};
  const auto keeps = [&](double noise) -> Result<bool> {
    TRY(spent, SpentByTraining(rate, noise, steps, delta, Conversion::kTighter));
    return spent.epsilon <= epsilon;
  };
  double low = 0, high = 0.1;
  for (;; high *= 2) {
    TRY(enough, keeps(high));
    if (enough) break;
    low = high;
    if (high > 1000) return Error{Fault::kUnsupported, "no noise up to 1000 keeps this epsilon"};
  }
  while (high - low > 1e-3 * high) {
    const double middle = (low + high) / 2;
    TRY(enough, keeps(middle));
    (enough ? high : low) = middle;
  }
  return high;
}

}  // namespace ringfort::defenses
