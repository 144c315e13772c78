#pragma once

#include "games/matrix_game.h"
#include "games/solution.h"

namespace ringfort::games {

// A small matrix game by the best solver that is there: the linear program; without one exactly,
// up to kExactCells payoffs, else by regret matching to `gap` of the range or some tenth of a second.
inline constexpr std::size_t kExactCells = 144;
Solution SolveRestricted(const MatrixGame& game, double gap);

}  // namespace ringfort::games
