#pragma once

#include "defenses/defense.h"

// A watermark in the choice of tokens: whoever trains on the answers, inherits it.
//
// A secret key and the token before split the vocabulary: about a share gamma of it is green. The
// served model's green logits are raised by delta before a token is drawn. Of text that
// nobody marked a share gamma of the tokens is green, of marked text more:
//
//   z = (g - gamma T) / sqrt(T gamma (1 - gamma))        g green ones of T
//
//   75 of 200 green, gamma 0.25:  z = 4.08; the exact binomial tail is 6.2e-5, the normal
//   one 2.2e-5, too optimistic: the exact one is told
//
// A copy that was trained on marked answers has learned to prefer the same pairs, so its own
// text is green as well: evidence of the theft without the thief's help (T. Sander et al., 2024,
// arXiv:2402.14904). Each pair of neighbors counts once (watermarks/mark_evidence.h): repetition would
// count as evidence.
//
// This is left_hash of watermarks/marking_scheme.h with a width of 1, which a small copy learns best:
// it has the fewest lists. The marks of data_to_data/ are made to be found in the text itself.
//
// Limits: as of every marked model (defenses/marked_model.h). A paraphrase weakens the mark; whoever
// has the key or enough answers can forge it.
//
// J. Kirchenbauer et al., "A Watermark for Large Language Models", ICML 2023,
// arXiv:2301.10226, with width 1. That each token is green by a hash of its own, in the place
// of a permutation of the vocabulary, is ours.

namespace ringfort::defenses::model_to_model {

DefenseEntry TokenWatermark();

}  // namespace ringfort::defenses::model_to_model
