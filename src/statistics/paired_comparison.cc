#include "statistics/paired_comparison.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <vector>

#include "statistics/boost_policy_internal.h"

namespace ringfort::statistics {
namespace {

// P(at most `heads` of `throws` of a fair coin); heads < throws.
double AtMost(double heads, double throws) { return boost::math::ibetac(heads + 1, throws - heads, 0.5, kNoThrow); }

struct Sums {
  double first_successes = 0, first_tries = 0, second_successes = 0, second_tries = 0;

  void Add(const PairedCluster& cluster) {
    first_successes += static_cast<double>(cluster.first_successes);
    first_tries += static_cast<double>(cluster.first_tries);
    second_successes += static_cast<double>(cluster.second_successes);
    second_tries += static_cast<double>(cluster.second_tries);
  }
  double First() const { return first_successes / first_tries; }
  double Second() const { return second_successes / second_tries; }
};

}  // namespace

McNemarTest TestPairedOutcomes(std::uint64_t first_only, std::uint64_t second_only) {
  if (first_only == second_only) {
    // Both tails are all there is; the middle form leaves half of the middle out.
    if (first_only == 0) return {};
    const double n = static_cast<double>(first_only + second_only);
    const double k = static_cast<double>(first_only);
    return {1, 1 - (AtMost(k, n) - AtMost(k - 1, n))};
  }
  const double k = static_cast<double>(std::min(first_only, second_only));
  const double n = static_cast<double>(first_only + second_only);
  const double tail = AtMost(k, n);
  const double before = k == 0 ? 0 : AtMost(k - 1, n);
  return {std::min(1.0, 2 * tail), std::min(1.0, tail + before)};
}

Result<PairedDifference> ComparePairedRates(std::span<const PairedCluster> clusters, const BootstrapOptions& options) {
  std::vector<PairedCluster> paired;
  Sums sums;
  for (const PairedCluster& cluster : clusters) {
    if (cluster.first_successes > cluster.first_tries || cluster.second_successes > cluster.second_tries)
      return Error{Fault::kInvalidInput, "there cannot be more successes than tries"};
    if (cluster.first_tries == 0 || cluster.second_tries == 0) continue;
    paired.push_back(cluster);
    sums.Add(cluster);
  }
  if (paired.empty()) return Error{Fault::kInvalidInput, "nothing was tried under both"};
  PairedDifference answer;
  answer.clusters = paired.size();
  answer.first = sums.First();
  answer.second = sums.Second();
  answer.difference = answer.first - answer.second;
  TRY(interval, BootstrapInterval(
                    paired.size(),
                    [&](std::span<const std::uint32_t> drawn) {
                      Sums resample;
                      for (const std::uint32_t index : drawn) resample.Add(paired[index]);
                      return resample.First() - resample.Second();
                    },
                    options));
  answer.interval = interval;
  answer.no_spread = std::all_of(paired.begin(), paired.end(), [&](const PairedCluster& cluster) {
    Sums own, reference;
    own.Add(cluster);
    reference.Add(paired.front());
    return own.First() - own.Second() == reference.First() - reference.Second();
  });
  return answer;
}

}  // namespace ringfort::statistics
