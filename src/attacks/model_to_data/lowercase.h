#pragma once

#include "attacks/attack.h"

// Lower case: was this text in the training data?
//
// A text learned by heart is learned with its capitals. Written in lower case it loses
// more of its likelihood than a text that is only plausible:
//
//   mean log-prob      as it is   in lower case    score = second / first
//   a member             -1.0         -3.0           3.0
//   another text         -2.0         -3.0           1.5
//
// Needs token scores, twice the text. Limits: a text without capitals says nothing
// (its score is 1); ASCII letters alone are lowered.
//
// N. Carlini et al., USENIX Security 2021, arXiv:2012.07805; as a ratio of means.

namespace ringfort::attacks::model_to_data {

// Nothing where a score is empty or the text's own is 0.
std::optional<double> LowercaseScore(const engines::TextScore& score, const engines::TextScore& lowercase);

AttackEntry Lowercase();

}  // namespace ringfort::attacks::model_to_data
