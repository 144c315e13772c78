#pragma once

#include <span>
#include <string_view>

#include "formats/pickle/pickle_machine.h"

// How large a value would be once it is computed: what an iterator yields, what
// arithmetic comes to. Estimates for the search of bombs, never below the truth
// for what they know; nothing is computed and nothing is allocated.

namespace ringfort::scanners {

// How many items iterating `value` yields, infinity if it never ends; 0 where that
// cannot be told.
double ItemsOf(formats::PickleValue value, const formats::PickleMachine& machine);

// Bits of the integer, text or list that the `operator` function `name` returns of
// these arguments; 64 of a number that is not known.
double BitsOfResult(std::string_view name, std::span<const formats::PickleValue> arguments,
                    const formats::PickleMachine& machine);

// The digits of the integer that a decimal fraction stands for: of Decimal('1e9') a
// billion, of its text as well; 0 where there is no exponent.
double DigitsOf(formats::PickleValue value, const formats::PickleMachine& machine);

// The product of a shape's lengths (a tuple, a list, torch.Size or one number),
// infinity where one of them is too large to know.
double CellsOf(formats::PickleValue shape, const formats::PickleMachine& machine);

}  // namespace ringfort::scanners
