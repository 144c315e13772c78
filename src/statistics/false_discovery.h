#pragma once

#include <span>
#include <vector>

#include "base/result.h"

// Which of many findings to believe. Among 1,000 tests of nothing, 50 have a
// probability below 0.05; a family of tests is therefore reported with adjusted
// probabilities, each the least rate of false discoveries at which it would still count:
//
//   probabilities   .01   .02   .03   .04   .50
//   times 5 / rank  .05   .05   .05   .05   .50     (rank 1 is the smallest)
//   adjusted: the least of that and of all larger ones
//
// kBenjaminiHochberg  for independent or positively dependent tests
// kBenjaminiYekutieli for any dependence; larger by 1 + 1/2 + ... + 1/n
//
// Sources: Y. Benjamini, Y. Hochberg, J. Royal Stat. Society B 57 (1995); Y. Benjamini,
// D. Yekutieli, Ann. Statistics 29 (2001).

namespace ringfort::statistics {

enum class FalseDiscoveryMethod { kBenjaminiHochberg, kBenjaminiYekutieli };

// In the order given, each at most 1. A NaN (a test that could not be made) stays NaN and
// does not count as a test. Error: a value outside [0, 1]. O(n log n).
Result<std::vector<double>> AdjustForFalseDiscovery(
    std::span<const double> probabilities, FalseDiscoveryMethod method = FalseDiscoveryMethod::kBenjaminiHochberg);

}  // namespace ringfort::statistics
