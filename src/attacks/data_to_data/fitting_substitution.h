#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attacks/attack.h"
#include "attacks/word_proposals.h"
#include "base/result.h"

// Fitting substitution: wash a mark off with words that fit between their neighbors, the best by a model.
//
// Each word to be replaced gets some candidates that were seen between such neighbors in other texts
// (attacks/word_proposals.h), and a model picks: the one behind which the whole text is likeliest, or
// the one whose embedding stays nearest to that of the original text.
//
//   "the old dog ran", candidates for `old`: big, red, of
//   likelihood a byte -1.2, -1.4, -2.0  ->  "the big dog ran"
//
// Words are replaced one after the other, so that later choices see earlier ones; a replaced word
// may come again, and the share is an upper bound of the words that differ. One batch of `candidates`
// texts a word is asked. Without a model the first candidate is taken, which fits its neighbors and no more.
//
// Limits: candidates come from counts of neighboring words, not from a thesaurus or a masked
// language model; they fit in grammar more often than in meaning.
//
// The search is that of D. Jin et al., "Is BERT Really Robust?", 2019, arXiv:1907.11932
// (TextFooler), without its thesaurus and its order by importance: all words weigh alike in a mark.

namespace ringfort::attacks::data_to_data {

enum class Guide : std::uint8_t { kNone, kLikelihood, kEmbedding };

struct FittingRule {
  double share = 0.3;  // of the words, in [0, 1]
  std::uint32_t candidates = 8;
  Guide guide = Guide::kLikelihood;
  std::uint64_t seed = 1;
};

// `model` may be null with kNone. Errors: kUnsupported where the model gives no scores or no
// embeddings; kInvalidInput for a guide without a model; the model's own.
Result<std::string> SubstituteFitting(std::string_view text, const WordProposals& proposals, engines::Model* model,
                                      const FittingRule& rule);

AttackEntry FittingSubstitution();

}  // namespace ringfort::attacks::data_to_data
