#pragma once

#include "base/result.h"
#include "games/matrix_game.h"
#include "games/solution.h"

namespace ringfort::games {

// Whether there is a linear-programming solver: the build holds its door (RINGFORT_WITH_CLP) and
// the system its library.
bool HasLinearProgram();

// The game as a linear program: payoffs moved and scaled into [1, 3], then the least
// sum of x >= 0 with x A >= 1 in each column; the dual is the column player's. Solved by
// the dual simplex method; a large game starts from a basis that regret matching guessed,
// which saves most of the pivots. The strategies come back with our own certificate, so the
// gap says how good they are. Errors: kUnsupported without the door; kUnavailable without
// the library; kInternal if the solver gave up.
//
// Source: J. von Neumann's minimax theorem in the form of G. Dantzig (1951); the solver is
// COIN-OR CLP.
Result<Solution> SolveByLinearProgram(const MatrixGame& game);

}  // namespace ringfort::games
