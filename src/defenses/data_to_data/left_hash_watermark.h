#pragma once

#include "defenses/defense.h"

// The green list behind the tokens before: the first watermark of text, and the plainest.
//
// The `width` tokens before a token and a secret key split the vocabulary: about a share `green` is
// green. Before a token is drawn, green logits rise by `bias` nats. Who has the key counts green tokens
// in a text (watermarks/mark_evidence.h); nobody else sees them.
//
//   logits (2, 2, 1), the first and third green, bias 2, become (4, 2, 3):
//   shares (0.42, 0.42, 0.16) become (0.67, 0.09, 0.24): a green token comes 9 times in 10, not 6
//   74 green of 100, where 25 are expected: z = 11.3, probability 1.3e-24
//
// What each setting buys: a wider context hides the list from who collects text (there are more
// lists), but one changed token costs `width` + 1 pieces of evidence; a larger bias shows in fewer
// tokens and changes the text more. Text that is sure of itself (names, code, poems) cannot be marked.
//
// Limits: as of every marked model (defenses/marked_model.h). Width 1 is learned from some
// thousand answers (attacks/data_to_data/green_list_forgery.h).
//
// J. Kirchenbauer et al., "A Watermark for Large Language Models", ICML 2023, arXiv:2301.10226;
// wider contexts: arXiv:2306.04634. That each token is green by a hash of its own is ours.

namespace ringfort::defenses::data_to_data {

DefenseEntry LeftHashWatermark();

}  // namespace ringfort::defenses::data_to_data
