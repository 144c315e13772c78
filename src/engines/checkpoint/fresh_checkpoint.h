#pragma once

#include <cstdint>

#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

namespace ringfort::engines {

inline constexpr double kMostFreshParameters = 5e8;

// A checkpoint of random weights: normal, of deviation 0.02, those that write into the
// residual stream smaller by the root of twice the layers (A. Radford et al., 2019); norms
// 1. The output is tied to the embedding. The shape's vocabulary is taken from `vocabulary`.
// CheckCheckpoint's errors;
// kLimitExceeded above kMostFreshParameters; llama only.
Result<Checkpoint> FreshCheckpoint(NetworkShape shape, TokenVocabulary vocabulary, std::uint64_t seed);

}  // namespace ringfort::engines
