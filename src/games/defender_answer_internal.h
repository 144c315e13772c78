#pragma once

#include <cstdint>

#include "games/loss_relaxation_internal.h"

namespace ringfort::games {

struct DefenderAnswer {
  std::vector<Portfolio> portfolios{};  // that lose less than was known, best first; a few; optional defenses alone
  double loss = 0;                      // of the first of them; without any, what was known
  double lower = 0;                     // no portfolio loses less
  std::uint64_t nodes = 0;
};

struct WaySearch {
  double slack = 0;         // portfolios that lose less than the best by no more are not looked for
  std::uint64_t nodes = 0;  // it ends after so many,
  bool thorough = false;    // or, if this is false, some nodes after it found a better one
};

// The least loss to the mixture, if it is below `known`, by branch and bound on the relaxed
// loss, depth first into the defense of which the relaxation wants most.
DefenderAnswer AnswerWays(const Purse& purse, const MixtureOfWays& ways, const Portfolio& useful, double known,
                          const WaySearch& search);

}  // namespace ringfort::games
