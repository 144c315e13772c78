#pragma once

#include <cstdint>
#include <span>

#include "attacks/attack.h"

// Canary exposure: how far down the list of guesses does a planted secret stand?
//
// A secret r is drawn from a space R and planted in the training data, once or often.
// Afterwards all of R is sorted by the model's perplexity; whoever guesses in that order
// needs rank(r) guesses. How many bits that saves over guessing blindly is
//
//   exposure = log2 |R| - log2 rank(r)
//
//   R = 1024 pins, the planted one is the 4th likeliest    exposure 10 - 2 = 8 bits
//   rank 1: log2 |R|, all of it;  never planted: 1/ln 2 = 1.44 bits are expected
//
// Where R is too large to be sorted, its perplexities are taken for skew-normal, and the
// exposure is -log2 P(perplexity <= that of r), fitted to a sample of R that was not planted.
//
// Sample: `text` is the planted text, `candidates` the same text with other secrets, `space`
// the size of R (0: text and candidates are all of R). Needs token scores. Ties count
// against the attacker. Limits: the tail of a fit beyond its sample is an extrapolation.
//
// N. Carlini et al., "The Secret Sharer", USENIX Security 2019, arXiv:1802.08232; the fit
// by moments instead of by likelihood is ours.

namespace ringfort::attacks::model_to_data {

// The place of `secret` among all, 1 for the least; others that are equal stand before it.
std::uint64_t RankOf(double secret, std::span<const double> others);

// log2 |R| - log2 rank.
double ExactExposure(std::uint64_t rank, std::uint64_t space);

// From log-perplexities of others that were never planted. Errors: those of a fit to fewer
// than 3 values or to equal ones.
Result<double> EstimatedExposure(double secret, std::span<const double> others);

// What a try shows whose first log-perplexity is that of the planted text; `space` as of a
// sample. Errors: those of EstimatedExposure. REQUIRES: two of them or more.
Result<Attempt> ExposureOf(std::span<const double> perplexities, double space);

AttackEntry CanaryExposure();

}  // namespace ringfort::attacks::model_to_data
