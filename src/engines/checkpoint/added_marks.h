#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

namespace ringfort::engines {

// Gives a checkpoint control tokens of these names, behind the tokens that it has; names that it
// has as control tokens already stay as they are. A new token's embedding, and its row of an
// output that is not tied, is the mean of all rows with noise of a hundredth of their
// deviation, so that the model says it no sooner than any other.
//
// kInvalidInput: CheckCheckpoint's; a name that is an ordinary token or empty.
Status AddMarks(Checkpoint& checkpoint, std::span<const std::string> names, std::uint64_t seed);

}  // namespace ringfort::engines
