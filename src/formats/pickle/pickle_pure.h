#pragma once

#include <span>
#include <string>
#include <string_view>

#include "formats/pickle/pickle_state.h"

// Pure functions of constants, by Python name, as far as they are used to
// assemble names.

namespace ringfort::formats {

// The name under which a function is known here: `__builtin__` and
// `__builtins__` are `builtins`, `_operator` is `operator`, `dill.dill` is `dill._dill`, and so on.
std::string PlainPythonName(std::string dotted);

bool IsPureFunction(std::string_view name);

// The result of `name(*arguments)`; an unknown value if it is not to be told.
// REQUIRES: IsPureFunction(name).
PickleValue FoldPure(PickleState& state, std::string_view name, std::span<const PickleValue> arguments);

}  // namespace ringfort::formats
