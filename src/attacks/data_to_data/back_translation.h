#pragma once

#include <string>
#include <string_view>

#include "attacks/attack.h"
#include "attacks/data_to_data/model_rewriting_internal.h"

// Back-translation: into another language and back.
//
// The text is cut into pieces of some sentences; a model writes each in another language, and is then
// asked for that in the first language again. The choice of words passes through meaning alone, so
// that a mark in the choice of tokens has nothing to stand on but names, numbers and set phrases.
//
//   "The old dog ran away."  ->  "Der alte Hund lief weg."  ->  "The old dog took off."
//
// What an honest translator does to a text it also does to a mark: no intent can be told from it. A mark
// in meaning, not in tokens, would pass.
//
// Limits: needs a model that knows both languages; it sees no signs of failing, so that edits
// and perplexity must be read beside what is left of the mark. The answer is taken as it is, remarks and
// refusals too. The languages are named in English and put into the question.
//
// J. Kirchenbauer et al., "On the Reliability of Watermarks for Large Language Models", 2023,
// arXiv:2306.04634 (with paraphrases); Z. He et al., 2024, arXiv:2402.14007 (cross-lingual removal).

namespace ringfort::attacks::data_to_data {

struct TranslationRule {
  std::string language = "English";
  std::string through = "German";
  RewritingRule rewriting{};
};

Result<std::string> BackTranslated(engines::Model& model, std::string_view text, const TranslationRule& rule);

AttackEntry BackTranslation();

}  // namespace ringfort::attacks::data_to_data
