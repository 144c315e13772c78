#pragma once

#include <span>
#include <string_view>

#include "formats/pickle/pickle_machine.h"
#include "scanners/artifact/pickle/callable_vocabulary.h"

// What a call of a harmless function costs out of all proportion to its few bytes.
// No bound here is one that an honest object comes near: picklers write what was
// computed, not the computation.

namespace ringfort::scanners {

// A call of `function`, whose constraint is one of those on cost: what is wrong, for
// a person; empty if nothing is, or if the constraint is another.
std::string_view CostOfCall(const formats::PickleGlobal& function, Constraint constraint,
                            std::span<const formats::PickleValue> arguments, const formats::PickleMachine& machine);

// The same of what `caller` (partial, reduce, ...) does with what it is given, a function
// of that constraint first. `keywords`: a dict that a partial keeps, else unknown.
std::string_view CostOfHanded(const formats::PickleGlobal& caller, Constraint handed,
                              std::span<const formats::PickleValue> arguments, formats::PickleValue keywords,
                              const formats::PickleMachine& machine);

// Of the state of an array: (version, shape, type, order, data).
std::string_view CostOfArrayState(formats::PickleValue state, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
