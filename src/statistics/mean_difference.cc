#include "statistics/mean_difference.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "statistics/boost_policy_internal.h"
#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

// A dealing whose sum is that of the seen one but for rounding counts as equal.
constexpr double kRounding = 1e-12;

void TestByWelch(std::span<const double> first, std::span<const double> second, MeanDifference& result) {
  const auto n = static_cast<double>(first.size()), m = static_cast<double>(second.size());
  const double a = Variance(first) / n, b = Variance(second) / m;
  const double apart = result.first - result.second;
  if (!(a + b > 0)) {  // no spread at all
    result.t = apart == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), apart);
    result.degrees = n + m - 2;
    result.probability = apart > 0 ? 0 : 1;
    return;
  }
  result.t = apart / std::sqrt(a + b);
  result.degrees = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1));
  const boost::math::students_t_distribution<double, NoThrow> student(result.degrees);
  result.probability = boost::math::cdf(boost::math::complement(student, result.t));
}

double ByPermutation(std::span<const double> first, std::span<const double> second, std::uint32_t permutations,
                     std::uint64_t seed) {
  // The values' total does not change, so that the first sample's sum says all.
  std::vector<double> values(first.begin(), first.end());
  values.insert(values.end(), second.begin(), second.end());
  double seen = 0, size = 0;
  for (const double value : first) seen += value;
  for (const double value : values) size += std::abs(value);
  const double least = seen - kRounding * size;
  Random random(seed);
  std::uint64_t as_large = 1;
  // Dealing the smaller sample is enough.
  const bool small_first = first.size() <= second.size();
  const std::size_t dealt = std::min(first.size(), second.size());
  double total = 0;
  for (const double value : values) total += value;
  for (std::uint32_t i = 0; i < permutations; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < dealt; ++k) {
      std::swap(values[k], values[k + random.Below(values.size() - k)]);
      sum += values[k];
    }
    as_large += (small_first ? sum : total - sum) >= least ? 1 : 0;
  }
  return static_cast<double>(as_large) / (static_cast<double>(permutations) + 1);
}

}  // namespace

Result<MeanDifference> CompareMeans(std::span<const double> first, std::span<const double> second,
                                    std::uint32_t permutations, std::uint64_t seed) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (first.size() < 2 || second.size() < 2)
    return Error{Fault::kInvalidInput, "means are compared of samples of two values or more"};
  if (!std::ranges::all_of(first, finite) || !std::ranges::all_of(second, finite))
    return Error{Fault::kInvalidInput, "a value to compare is not a finite number"};
  if (permutations == 0) return Error{Fault::kInvalidInput, "a test by permutation needs one dealing or more"};
  MeanDifference result;
  result.first = Mean(first);
  result.second = Mean(second);
  TestByWelch(first, second, result);
  result.by_permutation = ByPermutation(first, second, permutations, seed);
  return result;
}

}  // namespace ringfort::statistics
