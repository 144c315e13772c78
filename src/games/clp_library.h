#pragma once

#include <coin/Clp_C_Interface.h>

#include "base/result.h"

namespace ringfort::games {

// The functions of COIN-OR CLP that we call, by the names of its C interface.
struct ClpLibrary {
  decltype(&Clp_newModel) new_model = nullptr;
  decltype(&Clp_deleteModel) delete_model = nullptr;
  decltype(&Clp_setLogLevel) set_log_level = nullptr;
  decltype(&Clp_loadProblem) load_problem = nullptr;
  decltype(&Clp_setPrimalTolerance) set_primal_tolerance = nullptr;
  decltype(&Clp_setDualTolerance) set_dual_tolerance = nullptr;
  decltype(&Clp_copyinStatus) copy_in_status = nullptr;
  decltype(&Clp_dual) dual = nullptr;
  decltype(&Clp_primal) primal = nullptr;
  decltype(&Clp_status) status = nullptr;
  decltype(&Clp_numberIterations) number_iterations = nullptr;
  decltype(&Clp_primalColumnSolution) primal_column_solution = nullptr;
  decltype(&Clp_dualRowSolution) dual_row_solution = nullptr;

  // The shared library, loaded at the first call and kept until the process ends; any thread
  // may call. Errors: kUnavailable if the system has no libClp.so.1 or one without these names.
  static const Result<ClpLibrary>& Get();
};

}  // namespace ringfort::games
