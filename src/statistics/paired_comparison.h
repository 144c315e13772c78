#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "statistics/bootstrap.h"
#include "statistics/interval.h"

// Two attacks (or a defense off and on) tried on the same prompts. Only prompts on which
// they differ tell them apart: with `first_only` successes of the first alone and
// `second_only` of the second alone, no difference means a fair coin thrown
// first_only + second_only times.
//
//   first_only 1, second_only 6: 2 (C(7,0) + C(7,1)) / 2^7 = 16/128 = 0.125
//
// Sources: Q. McNemar, Psychometrika 12 (1947), in the exact form; the mid-p form counts
// half of what was seen, M. Fagerland, S. Lydersen, P. Laake, BMC Medical Research
// Methodology 13:91 (2013), who recommend it: the exact one alarms too rarely.

namespace ringfort::statistics {

struct McNemarTest {
  double exact = 1;  // two-sided; 1 where nothing differs
  double middle = 1;
};

McNemarTest TestPairedOutcomes(std::uint64_t first_only, std::uint64_t second_only);

// The tries of one prompt under either, of which there may be several and not equally many.
struct PairedCluster {
  std::uint64_t first_successes = 0;
  std::uint64_t first_tries = 0;
  std::uint64_t second_successes = 0;
  std::uint64_t second_tries = 0;
};

struct PairedDifference {
  double first = 0;  // rates
  double second = 0;
  double difference = 0;  // first - second
  Interval interval{};    // percentile bootstrap over clusters, so pairs stay together
  std::uint64_t clusters = 0;
  // All clusters show the same difference: the interval is that point and says nothing of
  // what was not seen.
  bool no_spread = false;
};

// Clusters that lack tries on one side are passed over. Errors: no cluster left; more
// successes than tries; bad options.
Result<PairedDifference> ComparePairedRates(std::span<const PairedCluster> clusters,
                                            const BootstrapOptions& options = {});

}  // namespace ringfort::statistics
