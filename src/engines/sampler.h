#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "engines/model.h"

// How an engine that has the logits chooses the next token. Pure functions: the same
// row, rule and state of the random numbers give the same token on every machine, up to
// the last bits of exp.

namespace ringfort::engines {

struct SamplingRule {
  double temperature = 0;   // 0 or less: the likeliest token, of equals the lower number
  std::uint32_t top_k = 0;  // only so many of the likeliest; 0: no limit
  double top_p = 1;         // then only the likeliest whose shares reach this together; at least one
};

// Draws once from `random`, at a temperature of 0 not at all. The shares are taken at the
// temperature, then top_k, then top_p (A. Holtzman et al., 2020, arXiv 1904.09751).
// REQUIRES: `logits` is not empty. Not-a-number is never chosen if there is something else.
Token SampleToken(std::span<const float> logits, const SamplingRule& rule, Random& random);

// Adds the biases; tokens outside the row are ignored.
void AddBias(std::span<float> logits, std::span<const LogitBias> bias);

// Where the first of the stop texts begins in `text`, at or behind `from`; npos if none
// does. An empty stop text never matches.
std::size_t FindStop(std::string_view text, std::span<const std::string> stop, std::size_t from = 0);

}  // namespace ringfort::engines
