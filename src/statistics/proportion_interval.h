#pragma once

#include <cstdint>

#include "base/result.h"
#include "statistics/interval.h"

// How far a rate may lie from the share that was counted: `successes` of `trials`
// independent tries with one unknown probability.
//
//   ClopperPearsonInterval  never covers less often than `confidence`, hence wide;
//                           for claims that must hold ("at most this often")
//   WilsonInterval          covers that often on average, hence shorter; for
//                           comparing and drawing
//
// Two-sided, tails of equal probability. Without trials: [0, 1]. Errors: more
// successes than trials; a confidence not strictly between 0 and 1.
//
// Sources: C. Clopper, E. Pearson, Biometrika 26 (1934); E. Wilson, JASA 22 (1927),
// without continuity correction.

namespace ringfort::statistics {

Result<Interval> ClopperPearsonInterval(std::uint64_t successes, std::uint64_t trials,
                                        double confidence = kUsualConfidence);
Result<Interval> WilsonInterval(std::uint64_t successes, std::uint64_t trials, double confidence = kUsualConfidence);

}  // namespace ringfort::statistics
