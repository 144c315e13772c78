#pragma once

#include <optional>

#include "formats/pickle/pickle_state.h"

// What a call yields without being made: pure functions of constants become
// constants, ways to reach a name become derived globals. This is a reading aid
// for the judge, not an evaluator: it knows what is used to assemble names, and
// leaves everything else alone.

namespace ringfort::formats {

// The constant or the derived global that `call` returns; an unknown value if
// that is not to be told.
PickleValue FoldCall(PickleState& state, const PickleCall& call);

// The call that `call` goes on to make: of partial(f, a)(b), methodcaller, map,
// filter, reduce, starmap, operator.call.
struct PickleIndirect {
  PickleValue callable;
  PickleValue arguments;
};
std::optional<PickleIndirect> IndirectCall(PickleState& state, const PickleCall& call);

// Whether objects that `callable` makes are asked for their arguments later on
// (partial, attrgetter, slice, a NumPy type, ...).
bool IsRemembered(PickleState& state, PickleValue callable);

// BUILD on a functools.partial replaces what it calls: follow it.
void RebuildPartial(PickleState& state, PickleValue receiver, PickleValue built);

}  // namespace ringfort::formats
