#pragma once

#include <cstdint>

#include "games/double_oracle_internal.h"

namespace ringfort::games {

struct PurePortfolio {
  Portfolio portfolio{};  // optional defenses alone, ascending; none that could go without loss
  double loss = 0;
  double lower = 0;
  StepTimes answer{};  // of the core made from the game
  std::uint64_t nodes = 0;
};

// The portfolio whose worst case is least, from where the double oracle has come: from
// the ways that it found, its bounds, and the best of its portfolios.
//
// Best first over sets of defenses. While some way still yields as much as the best
// portfolio known loses, one of the defenses that act on it must join; ways come from the
// attacker's best answers. A set is given up when its ways, or their mixture, cannot be brought
// below that.
PurePortfolio FindPurePortfolio(DoubleOracle& found, const Purse& purse, std::uint64_t nodes);

}  // namespace ringfort::games
