#pragma once

#include <string_view>

#include "attacks/attack.h"

// Continuation agreement: membership from text alone.
//
// A model that tells no number still shows what it knows by what it says. The text is cut
// at several places, and the model continues each beginning greedily; the more of the next
// words it says as they stand, the likelier it has read them.
//
//   "The cat | sat on th|e mat"     said "sat on a", 7 of 9 bytes before the first that differs
//   "The cat sat on | the mat"      said "the sofa", 4 of 7
//   score: the mean of the shares, 0.67
//
// Knows of defenses that hide or change numbers (`limited_answers`, `rounded_answers`,
// `noisy_answers`): none of them changes what is said. `text` is asked about at `places`
// places, `tokens` tokens each: as many queries. Needs generation and tokens. Limits: a
// share of nearly 0 for all texts of a model that has not learned any by heart; far weaker
// than scores where there are some.
//
// C. Choquette-Choo et al., "Label-Only Membership Inference Attacks", ICML 2021,
// arXiv:2007.14321, for the idea; with continuations in place of classes it is ours.

namespace ringfort::attacks::model_to_data {

// Bytes before the first that differs, over those of `expected`; 0 for an empty one.
double AgreeingShare(std::string_view said, std::string_view expected);

AttackEntry ContinuationAgreement();

}  // namespace ringfort::attacks::model_to_data
