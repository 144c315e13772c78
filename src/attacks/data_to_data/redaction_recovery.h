#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"

// Redaction recovery: who stood behind the black bar? Ask a language model.
//
// Names were taken out of a text or replaced by a pseudonym, the same one at every place. Each of some
// candidates is written back at all places, and the model that finds the whole text likeliest with a
// candidate names it. Names differ in how likely they are anywhere, which is no evidence; so the score of a
// candidate is what the text gains over the candidate alone:
//
//   "[[Ada]] wrote the first program, and [[Ada]] was 27."
//   candidate     log p(text with it)   log p(candidate)   difference
//   Ada                  -41.2               -9.1             -32.1     first
//   Tom                  -43.0               -7.5             -35.5
//
// Sample: `text` is the text with the truth between [[ and ]], once or more often, which the attacker does
// not read: it is cut out, and put among the candidates; `candidates` are the others. The answer is the
// text with the best candidate in it, to be compared with the true text by a judge, and the score says
// by how much it leads the second. In the numbers: the rank of the truth, how many candidates there were,
// and the rank that the truth has by likelihood alone, without the text: who is named often is guessed often.
//
// Needs token scores. A model that learned from the text, or from others on the same persons, knows more
// than one that did not; both can be asked in one plan. Limits: the true name must be among the
// candidates; two questions a candidate; of equally good ones the truth counts as the last.
//
// Ours, after N. Carlini et al., "The Secret Sharer", 2019, arXiv:1802.08232 (ranking candidates by
// perplexity); R. Staab et al., "Beyond Memorization", 2023, arXiv:2310.07298 asks models for
// attributes of authors instead.

namespace ringfort::attacks::data_to_data {

// A text with places for a name.
struct Redacted {
  std::vector<std::string> pieces{};  // around the places: one more than there are
  std::string truth{};
  std::string With(std::string_view name) const;
};

// Errors (kInvalidInput): no place, an empty one, one that is not closed, or two that differ.
Result<Redacted> ReadRedacted(std::string_view text);

AttackEntry RedactionRecovery();

}  // namespace ringfort::attacks::data_to_data
