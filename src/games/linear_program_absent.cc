#include "games/linear_program.h"

namespace ringfort::games {

bool HasLinearProgram() { return false; }

Result<Solution> SolveByLinearProgram(const MatrixGame&) {
  return Error{Fault::kUnsupported, "built without a linear-programming solver (RINGFORT_WITH_CLP)"};
}

}  // namespace ringfort::games
