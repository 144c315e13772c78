#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "statistics/bootstrap.h"
#include "statistics/interval.h"

// A rate whose tries come in bunches: several generations of one prompt succeed or fail
// together, so 100 prompts asked 10 times say less than 1,000 prompts asked once. Whole
// bunches (clusters) are drawn again, never single tries.
//
// The design effect is how many times wider the variance is than that of independent
// tries; tries / effect is the number of independent ones that would say as much. It is
// the linearized ratio variance K / (K - 1) sum (x_i - rate n_i)^2 / n^2 over
// rate (1 - rate) / n.
//
// Where all tries succeed, or none does, resampling sees no spread; then the interval is
// Clopper-Pearson's with each cluster as one try. That holds: a cluster that failed
// throughout is no likelier than a single failure. (This fallback is ours.)
//
// Limits: below some 20 clusters the percentile interval is too narrow; `few` says so.
//
// Sources: A. Davison, D. Hinkley, "Bootstrap Methods and their Application" (1997),
// section 3.8; design effect, L. Kish, "Survey Sampling" (1965).

namespace ringfort::statistics {

struct ClusterCounts {
  std::uint64_t successes = 0;
  std::uint64_t tries = 0;
};

struct ClusteredRate {
  double rate = 0;  // successes / tries
  Interval interval{};
  double design_effect = 1;  // 1 where it has no value (a single cluster, no spread)
  std::uint64_t successes = 0;
  std::uint64_t tries = 0;
  std::uint64_t clusters = 0;  // that were tried at all
  bool few = false;            // fewer than 20 clusters
};

// Clusters without tries are passed over. Errors: no try, more successes than tries, bad
// options. O(resamples * clusters).
Result<ClusteredRate> EstimateClusteredRate(std::span<const ClusterCounts> clusters,
                                            const BootstrapOptions& options = {});

}  // namespace ringfort::statistics
