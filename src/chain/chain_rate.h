#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "domain/outcome.h"
#include "statistics/interval.h"

// How often a chain of attacks carries through, link by link and from end to end.
//
// A run follows the same units (requests, texts) through all links. A link tells an outcome a
// unit, or one for the whole run, which then holds for each of its units (a copy that is
// faithful, or is not). Every link is tried on every unit, also where an earlier link
// failed, so that its rate says what it does and not what was left to it.
//
//   end to end   the share of units at which all links succeeded
//   product      what the links' rates would make if they had nothing to do with each other
//
//   two links, four units:   1 1 0 0   and   1 1 0 0     rates 1/2 and 1/2, product 1/4, end to end 1/2
//                            1 1 0 0   and   0 0 1 1     rates 1/2 and 1/2, product 1/4, end to end 0
//
// A chain whose end to end lies above the product is more dangerous than its links tell: what
// falls once, falls again.
//
// A unit with a failed link has failed; else one that is unjudged or met an error is counted
// apart and is in no rate. Intervals of single rates are Wilson's where there is one run, and all
// others are a bootstrap in two stages, runs and then the units of each (A. Davison, D. Hinkley,
// 1997, section 3.8). With one run what differs between runs is in no interval: `few_runs`.

namespace ringfort::chain {

// What one link told in one run: as many outcomes as the run has units, or one.
using LinkOutcomes = std::vector<Outcome>;

struct ChainRun {
  std::size_t units = 0;
  std::vector<LinkOutcomes> links{};
};

struct CountedRate {
  double rate = 0;  // of tries; NaN without any
  statistics::Interval interval{0, 1};
  std::uint64_t successes = 0;
  std::uint64_t tries = 0;  // that succeeded or failed
  std::uint64_t unjudged = 0;
  std::uint64_t errors = 0;
};

struct ChainRates {
  std::vector<CountedRate> links{};
  CountedRate end_to_end{};
  double product = 0;  // NaN if a link has no rate
  statistics::Interval product_interval{0, 1};
  double excess = 0;  // end to end minus product
  statistics::Interval excess_interval{-1, 1};
  bool few_runs = false;  // fewer than five
};

// Errors (kInvalidInput): no run, no unit, runs with different numbers of links, outcomes that
// are neither one nor as many as the units. O(resamples * runs * units * links).
Result<ChainRates> EstimateChain(std::span<const ChainRun> runs, std::uint64_t seed = 1);

}  // namespace ringfort::chain
