#pragma once

#include <string_view>

#include "formats/pickle/pickle_machine.h"

// What a call of a harmless function costs out of all proportion to its few bytes.

namespace ringfort::scanners {

// Of a function whose cost grows with its integers, or that consumes an iterator:
// what is wrong, for a person; empty if nothing is.
std::string_view CostOfBounds(const formats::PickleCall& call, const formats::PickleMachine& machine);

// Of a function that consumes an iterator only.
std::string_view CostOfGathering(const formats::PickleCall& call, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
