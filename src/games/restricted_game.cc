#include <utility>

#include "games/exact_solution.h"
#include "games/linear_program.h"
#include "games/regret_matching.h"
#include "games/restricted_game_internal.h"

namespace ringfort::games {

Solution SolveRestricted(const MatrixGame& game, double gap) {
  if (HasLinearProgram()) {
    if (auto solved = SolveByLinearProgram(game); solved.ok()) return std::move(solved).value();
  }
  if (game.payoffs().size() <= kExactCells) {
    if (auto solved = SolveExactly(game); solved.ok()) return std::move(solved).value().rounded;
  }
  RegretMatchingLimits limits;
  limits.target_gap = gap;
  limits.rounds = 100'000;
  limits.cell_visits = 1e8;
  return SolveByRegretMatching(game, limits);
}

}  // namespace ringfort::games
