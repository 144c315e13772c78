#include "statistics/normal_distribution.h"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {

double NormalDistribution(double value) { return 0.5 * std::erfc(-value / std::sqrt(2.0)); }

double NormalQuantile(double probability) {
  if (probability == 0) return -std::numeric_limits<double>::infinity();
  if (probability == 1) return std::numeric_limits<double>::infinity();
  if (!(probability > 0 && probability < 1)) return std::numeric_limits<double>::quiet_NaN();
  return -std::sqrt(2.0) * boost::math::erfc_inv(2 * probability, kNoThrow);
}

double NormalHalfWidth(double confidence) { return NormalQuantile((1 + confidence) / 2); }

double TwoSidedProbability(double value) { return std::erfc(std::abs(value) / std::sqrt(2.0)); }

}  // namespace ringfort::statistics
