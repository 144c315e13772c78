#pragma once

#include <string>
#include <string_view>

#include "attacks/attack.h"
#include "attacks/data_to_data/model_rewriting_internal.h"

// Paraphrase: another model says the same in other words.
//
// The text is cut into pieces of some sentences, and each is given to a model with the request to
// say it anew; the answers put together are the next round's text. Of the tokens a mark stands on only
// those remain that the second model also chose, behind the same tokens.
//
//   "The old dog ran away."  ->  "An aged hound fled."          one round
//                            ->  "A hound of great age fled."   two
//
// It is the strongest cheap remover: with DIPPER or a chat model the detection of 200 marked tokens
// falls to about a half (arXiv:2306.04634). What is left depends on the model; a small one that cannot paraphrase
// destroys the text with the mark, so that edits or perplexity must be read beside it.
//
// Limits: the answer is taken as it is: a refusal, or a remark like "Sure, here it is", becomes text.
// Any model of engines/model.h that answers.
//
// K. Krishna et al., "Paraphrasing evades detectors of AI-generated text", 2023, arXiv:2303.13408; rounds:
// V. Sadasivan et al., 2023, arXiv:2303.11156. The instruction is ours.

namespace ringfort::attacks::data_to_data {

Result<std::string> Paraphrased(engines::Model& model, std::string_view text, const RewritingRule& rule);

AttackEntry Paraphrase();

}  // namespace ringfort::attacks::data_to_data
