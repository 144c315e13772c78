#pragma once

#include <span>
#include <vector>

#include "attacks/attack.h"

// Min-K% Probability: was this text in the training data?
//
// Take the k percent of tokens that the model finds LEAST likely, and average their
// log-probabilities. A text seen in training holds few surprises, so its average lies
// higher.
//
//   tokens     The   cat   sat   on   Zanzibar
//   log-prob  -0.1  -2.0  -0.5  -0.2   -7.0      k = 40% keeps -7.0 and -2.0
//   score                                        -4.5
//
// Needs token scores. Limits: it tells members from others only as far as the two sets
// are drawn alike; a shift in time or topic between them is measured too.
//
// W. Shi et al., "Detecting Pretraining Data from Large Language Models", ICLR 2024,
// arXiv:2310.16789. That at least one token counts is ours: theirs takes none of a text
// shorter than 1/k tokens.

namespace ringfort::attacks::model_to_data {

// The mean of the floor(fraction * n) lowest values, at least of one. Nothing of none.
std::optional<double> MeanOfLowest(std::span<const double> values, double fraction);

std::optional<double> MinKProbabilityScore(const engines::TextScore& score, double fraction);

AttackEntry MinKProbability();

}  // namespace ringfort::attacks::model_to_data
