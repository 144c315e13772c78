#include "games/clp_library.h"

#include <dlfcn.h>

#include <string>

namespace ringfort::games {
namespace {

constexpr const char* kLibrary = "libClp.so.1";

Result<ClpLibrary> Load() {
  void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return Error{Fault::kUnavailable, std::string("the solver of linear programs cannot be loaded (") + dlerror() +
                                          "); install COIN-OR CLP (Debian: coinor-libclp1)"};
  ClpLibrary clp;
  std::string missing;
  const auto take = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    if (function == nullptr) missing = name;
  };
  take(clp.new_model, "Clp_newModel");
  take(clp.delete_model, "Clp_deleteModel");
  take(clp.set_log_level, "Clp_setLogLevel");
  take(clp.load_problem, "Clp_loadProblem");
  take(clp.set_primal_tolerance, "Clp_setPrimalTolerance");
  take(clp.set_dual_tolerance, "Clp_setDualTolerance");
  take(clp.copy_in_status, "Clp_copyinStatus");
  take(clp.dual, "Clp_dual");
  take(clp.primal, "Clp_primal");
  take(clp.status, "Clp_status");
  take(clp.number_iterations, "Clp_numberIterations");
  take(clp.primal_column_solution, "Clp_primalColumnSolution");
  take(clp.dual_row_solution, "Clp_dualRowSolution");
  if (!missing.empty())
    return Error{Fault::kUnavailable, std::string(kLibrary) + " has no function " + missing + "; CLP 1.17 has it"};
  return clp;
}

}  // namespace

// Loaded, not linked: CLP brings LAPACK, whose start costs milliseconds that every scan would pay.
const Result<ClpLibrary>& ClpLibrary::Get() {
  static const Result<ClpLibrary> library = Load();
  return library;
}

}  // namespace ringfort::games
