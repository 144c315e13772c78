#pragma once

#include "attacks/attack.h"

// Reference model: was this text in the training data?
//
// How much likelier is the text to the target than to another model of the same kind
// that was trained on other data? What is easy is easy to both and cancels.
//
//   mean log-prob     target   reference    score = target - reference
//   a member           -1.0      -2.5         1.5
//   an easy text       -0.5      -0.6         0.1
//
// Needs token scores and a second model, best smaller, of the same tokenizer. Limits:
// with another tokenizer the means are of different tokens and the score is shifted
// by each text's own cut.
//
// N. Carlini et al., USENIX Security 2021, arXiv:2012.07805.

namespace ringfort::attacks::model_to_data {

std::optional<double> ReferenceScore(const engines::TextScore& target, const engines::TextScore& reference);

AttackEntry Reference();

}  // namespace ringfort::attacks::model_to_data
