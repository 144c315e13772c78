#include "statistics/beta_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {

Result<BetaPosterior> BetaPosterior::Create(double alpha, double beta) {
  if (!(std::isfinite(alpha + beta) && alpha > 0 && beta > 0))
    return Error{Fault::kInvalidInput, fmt::format("Beta({}, {}) is no distribution", alpha, beta)};
  return BetaPosterior(alpha, beta);
}

Result<BetaPosterior> BetaPosterior::FromMean(double mean, double weight) {
  if (!(mean > 0 && mean < 1 && weight > 0 && std::isfinite(weight)))
    return Error{Fault::kInvalidInput, fmt::format("no belief has mean {} and weight {}", mean, weight)};
  return Create(mean * weight, (1 - mean) * weight);
}

Result<BetaPosterior> BetaPosterior::Updated(double successes, double failures) const {
  if (!(successes >= 0 && failures >= 0))
    return Error{Fault::kInvalidInput, fmt::format("{} successes and {} failures cannot be", successes, failures)};
  return Create(alpha_ + successes, beta_ + failures);
}

double BetaPosterior::Distribution(double value) const {
  if (!(value > 0)) return 0;
  if (value >= 1) return 1;
  return boost::math::ibeta(alpha_, beta_, value, kNoThrow);
}

double BetaPosterior::Quantile(double probability) const {
  if (!(probability > 0)) return 0;
  if (probability >= 1) return 1;
  return std::clamp(boost::math::ibeta_inv(alpha_, beta_, probability, kNoThrow), 0.0, 1.0);
}

Interval BetaPosterior::CredibleInterval(double confidence) const {
  const double tail = (1 - confidence) / 2;
  return {Quantile(tail), Quantile(1 - tail)};
}

}  // namespace ringfort::statistics
