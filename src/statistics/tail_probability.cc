#include "statistics/tail_probability.h"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {

double BinomialTail(std::uint64_t successes, std::uint64_t trials, double share) {
  if (successes == 0) return 1;
  if (successes > trials) return 0;
  return boost::math::ibeta(static_cast<double>(successes), static_cast<double>(trials - successes) + 1, share,
                            kNoThrow);
}

double GammaTail(std::uint64_t count, double sum) {
  if (std::isnan(sum)) return sum;
  if (count == 0 || sum <= 0) return 1;
  if (std::isinf(sum)) return 0;
  return boost::math::gamma_q(static_cast<double>(count), sum, kNoThrow);
}

}  // namespace ringfort::statistics
