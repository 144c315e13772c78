#pragma once

#include <cstdint>

#include "games/matrix_game.h"
#include "games/solution.h"

namespace ringfort::games {

struct RegretMatchingLimits {
  double target_gap = 1e-6;          // of the payoffs' range; reached, it stops
  std::uint64_t rounds = 1'000'000;  // at most
  double cell_visits = 4e9;          // at most; a round visits every payoff twice
};

// Regret matching plus with alternating updates and averages weighted by the square of
// the round: two players who learn from what they missed, starting from uniform play.
// No random numbers: the same game gives the same answer. It always yields strategies and
// their certificate; whether the gap reached the target is seen from the gap.
//
// Source: O. Tammelin, "Solving Large Imperfect Information Games Using CFR+",
// arXiv 1407.5042; weights of the averages: N. Brown, T. Sandholm, arXiv 1809.04040.
Solution SolveByRegretMatching(const MatrixGame& game, const RegretMatchingLimits& limits = {});

}  // namespace ringfort::games
