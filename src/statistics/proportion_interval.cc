#include "statistics/proportion_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {
namespace {

Status Check(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (successes > trials)
    return Error{Fault::kInvalidInput, fmt::format("{} successes of {} trials cannot be", successes, trials)};
  if (!(confidence > 0 && confidence < 1))
    return Error{Fault::kInvalidInput, fmt::format("a confidence of {} is not between 0 and 1", confidence)};
  return Done{};
}

}  // namespace

Result<Interval> ClopperPearsonInterval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  TRY_STATUS(Check(successes, trials, confidence));
  const double tail = (1 - confidence) / 2;
  const double k = static_cast<double>(successes);
  const double rest = static_cast<double>(trials - successes);
  Interval interval{0, 1};
  if (successes > 0) interval.lower = boost::math::ibeta_inv(k, rest + 1, tail, kNoThrow);
  if (rest > 0) interval.upper = boost::math::ibetac_inv(k + 1, rest, tail, kNoThrow);
  return interval;
}

Result<Interval> WilsonInterval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  TRY_STATUS(Check(successes, trials, confidence));
  if (trials == 0) return Interval{0, 1};
  const double z = std::sqrt(2.0) * boost::math::erfc_inv(1 - confidence, kNoThrow);
  const double n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double center = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // At the ends the bound is exactly 0 or 1; only rounding would say otherwise.
  return Interval{successes == 0 ? 0 : std::max(0.0, (center - half) / scale),
                  successes == trials ? 1 : std::min(1.0, (center + half) / scale)};
}

}  // namespace ringfort::statistics
