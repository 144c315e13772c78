#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "attacks/attack.h"

// Word substitution: wash a mark off by replacing words at random, without a thought.
//
// A share of the words gives way to words of other texts. It asks no model and ruins the text; it
// is the floor that every wiser remover has to beat at the same share of edits.
//
//   "the old dog ran away", 0.4, words of "a green boat"  ->  "the boat dog green away"
//
// A green list by the token before loses two pieces of evidence an edited token (its own and its
// follower's), one that sees `width` tokens width + 1, a unigram list one. So of n tokens with excess e
// each, at a share s of edits some (1 - s)^(width + 1) n e is left.
//
// Words come as often as in the texts they are drawn from, and keep the case of the first letter.
// Limits: words may be drawn that stood there.
//
// J. Kirchenbauer et al., 2023, arXiv:2301.10226, section 6 (span and word replacement).

namespace ringfort::attacks::data_to_data {

struct SubstitutionRule {
  double share = 0.3;  // of the words, in [0, 1]
  std::uint64_t seed = 1;
};

// The same text where `others` hold no word. Linear in the texts.
std::string SubstituteWords(std::string_view text, std::span<const std::string> others, const SubstitutionRule& rule);

AttackEntry WordSubstitution();

}  // namespace ringfort::attacks::data_to_data
