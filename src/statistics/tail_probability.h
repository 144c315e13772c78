#pragma once

#include <cstdint>

// How probable so much or more is by chance: exact tails of two sums.
//
//   BinomialTail  P(X >= successes), X ~ Binomial(trials, share): how many of `trials`
//                 independent tries succeed
//   GammaTail     P(S >= sum), S ~ Gamma(count, 1): the sum of `count` independent
//                 waiting times of mean 1
//
//   75 of 200 at a share of 0.25:  6.153e-5, where the normal tail says 2.2e-5
//   three waits of together 6 or more: e^-6 (1 + 6 + 18) = 0.06197
//
// By the incomplete beta and gamma functions, to some 13 digits; below 1e-307 the answer is 0.
// Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 26.5.24 and 26.4.21.

namespace ringfort::statistics {

// More successes than trials: 0. REQUIRES: share in (0, 1).
double BinomialTail(std::uint64_t successes, std::uint64_t trials, double share);

// Without any waiting time, or for a sum of 0 or less: 1. NaN gives NaN.
double GammaTail(std::uint64_t count, double sum);

}  // namespace ringfort::statistics
