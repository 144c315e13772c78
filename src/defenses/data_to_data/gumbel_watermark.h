#pragma once

#include "defenses/defense.h"

// The Gumbel mark: the key throws the dice.
//
// A model draws its next token with random numbers; here they come from a keyed hash of the tokens
// before. Of the shares p and the draws r the token with the largest r^(1/p) comes, which over
// all keys is each token as often as its share says. Who has the key sees that the r of what was said are
// too near 1: the sum of -ln(1 - r) of n tokens is Gamma(n, 1) by chance.
//
//   p = (0.5, 0.5), r = (0.6, 0.9):  0.6^2 = 0.36, 0.9^2 = 0.81, the second comes
//   its -ln(1 - 0.9) = 2.3, where 1 is expected; 50 such tokens: a sum of 115, probability 3e-12
//
// The same context has the same draws: a text that came to it twice would go on in the same way
// twice. So a context is marked once a text and drawn freely after that. The same prompt still tends to the same
// answer, whatever the seed; that is the price of marking by context.
//
// Limits: as of every marked model (defenses/marked_model.h); nothing is marked at temperature 0; needs
// logits. The source's other way, a long random key shifted along the text and matched by
// edit distance, holds better against edits and is not here.
//
// S. Aaronson, 2022; R. Kuditipudi et al., "Robust Distortion-free Watermarks for Language Models",
// TMLR 2024, arXiv:2307.15593.

namespace ringfort::defenses::data_to_data {

DefenseEntry GumbelWatermark();

}  // namespace ringfort::defenses::data_to_data
