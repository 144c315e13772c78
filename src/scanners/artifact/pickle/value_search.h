#pragma once

#include "formats/pickle/pickle_machine.h"

// Searches through values and all that they hold, bounded in depth and in the
// number of values looked at.

namespace ringfort::scanners {

inline constexpr int kSearchDepth = 12;
inline constexpr int kSearchBudget = 4096;  // values looked at in one search

// An object that does something once it is called: a getter, a partial, or one of
// an origin that cannot be told.
bool IsCaller(formats::PickleValue value, const formats::PickleMachine& machine);

// Whether there is one in `value`; true also if the search had to give up.
bool HoldsCaller(formats::PickleValue value, const formats::PickleMachine& machine);

// Whether a text in `value` is a name that does harm (IsTellingName). Code objects
// are passed over: they are read by their parts.
bool HoldsTellingName(formats::PickleValue value, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
