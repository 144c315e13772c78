#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "statistics/interval.h"

// How much a statistic of a sample would change if the sample were drawn again.
//
// Source: B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Ann.
// Statistics 7 (1979), percentile interval; for the draw without putting back, D.
// Politis, J. Romano, Ann. Statistics 22 (1994).

namespace ringfort::statistics {

// A statistic of the sample's elements with these numbers; numbers may come twice.
using IndexedStatistic = std::function<double(std::span<const std::uint32_t>)>;

struct BootstrapOptions {
  std::size_t resamples = 2000;  // at least 2
  double confidence = kUsualConfidence;
  std::uint64_t seed = 1;
};

// The statistic of each resample, sorted: the raw material of every interval below.
// Each draws `count` of `count` elements and puts back. The same seed gives the same
// values. A statistic that is NaN is left out. Errors: no elements or 2^32 and more;
// fewer than 2 resamples; no resample with a number.
Result<std::vector<double>> BootstrapValues(std::size_t count, const IndexedStatistic& statistic,
                                            const BootstrapOptions& options = {});

// The middle `confidence` of those.
Result<Interval> BootstrapInterval(std::size_t count, const IndexedStatistic& statistic,
                                   const BootstrapOptions& options = {});
Result<Interval> BootstrapMeanInterval(std::span<const double> sample, const BootstrapOptions& options = {});

// For statistics that cannot bear an element twice (nearest neighbors): each resample
// is a different half of the sample, drawn without putting back. Its spread is as wide
// as that of the whole sample, because 1/(n/2) - 1/n = 1/n, for any statistic whose
// variance goes as 1/n. Sorted, as above. Needs two elements.
Result<std::vector<double>> HalfSampleValues(std::size_t count, const IndexedStatistic& statistic,
                                             const BootstrapOptions& options = {});

}  // namespace ringfort::statistics
