#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "statistics/bootstrap.h"

// How many bits flow, from what was observed. Every estimate has an interval, since
// a plain count of frequencies finds bits where there are none.
//
// Categories: frequencies put into the entropies, less Miller's and Madow's bias of
// (cells - rows - columns + 1) / (2 n ln 2) over the cells that occur (G. Miller, 1955).
// Scores: nearest neighbors of one dimension with a label (B. Ross, "Mutual Information
// between Discrete and Continuous Data Sets", PLoS ONE 9, 2014), scores that occur more
// than once treated as W. Gao et al. do (2017).
//
// Interval: percentiles of resamples, moved so that their mean is the estimate; a
// resample has the bias of the estimate once more and would else lie too high.
// Categories are drawn with putting back, scores by half samples (a point drawn twice
// would be its own neighbor). Where nothing flows, the interval of categories holds
// zero more often than its confidence says: its error is on the side of silence.

namespace ringfort::information_flow {

struct FlowEstimate {
  double bits = 0;                  // a use, >= 0
  statistics::Interval interval{};  // its lower end may lie below 0
  std::size_t observations = 0;

  // False where the interval holds zero: then say "no leak shown", never "no leak".
  bool leak_shown() const { return interval.lower > 0; }
};

// What went in, what came out, and under which condition (a task, a user).
struct Observation {
  std::uint32_t secret = 0;
  std::uint32_t seen = 0;
  std::uint32_t given = 0;
};

// I(secret; seen | given). With one condition throughout this is mutual information; with
// the task as condition it is the effective semantic capacity of axis papers as we
// estimate it (the estimator is ours). Error: fewer than 2 observations.
Result<FlowEstimate> EstimateFlow(std::span<const Observation> observations,
                                  const statistics::BootstrapOptions& options = {});

struct ScoredLabel {
  double score = 0;         // finite
  std::uint32_t label = 0;  // 0 or 1 for membership; any number of labels
};

inline constexpr std::size_t kUsualNeighbors = 3;

// I(label; score). Labels that occur once are left out. Errors: a score that is not
// finite; no neighbor asked for; fewer than 8 observations. O(n log n) a resample.
Result<FlowEstimate> EstimateScoreFlow(std::span<const ScoredLabel> observations,
                                       std::size_t neighbors = kUsualNeighbors,
                                       const statistics::BootstrapOptions& options = {.resamples = 200});

}  // namespace ringfort::information_flow
