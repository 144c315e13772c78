#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engines/model.h"

// What a row of logits says of the next token. Pure functions; any thread.
//
// A logit of minus infinity is a token that cannot come. Rows that hold not-a-number or
// plus infinity, or nothing else than minus infinity, give a log_sum that is not finite,
// which is how a caller knows a broken model.

namespace ringfort::engines {

struct TokenDistribution {
  double log_sum = 0;  // log of the sum of exp(logit): log p(token) = logit - log_sum
  // Mean and variance of log p(token) over the distribution itself (Min-K%++ needs them:
  // J. Zhang et al., 2024, arXiv 2404.02936). Zero unless asked for.
  double mean = 0;
  double variance = 0;

  double LogProbability(float logit) const { return static_cast<double>(logit) - log_sum; }
};

// One pass behind the maximum, in double precision: the error of each number is below
// 1e-10 for logits that differ by less than 700. An empty row gives minus infinity.
TokenDistribution Distribution(std::span<const float> logits, bool moments);

// The `count` likeliest tokens with their log-probabilities, likeliest first, of equals
// the lower number first. Their texts are left empty.
std::vector<Alternative> LikeliestTokens(std::span<const float> logits, const TokenDistribution& distribution,
                                         std::size_t count);

}  // namespace ringfort::engines
