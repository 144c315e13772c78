#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attacks/attack.h"

// Look-alike characters: the same text to a reader, another to a tokenizer.
//
// Letters give way to letters of other scripts that look the same, and between words stand
// spaces of no width, or emoji that are meant to be taken out by whoever reads the text. The tokens are
// others, so that no count over them finds the mark; not one word is changed.
//
//   "the cat", letters 1  ->  Cyrillic `с` and `а`; nobody sees it in most fonts
//   "the cat", emoji 1    ->  "the 🙂cat"
//
// A detector that writes the text in plain letters first (detectors/look_alikes.h) has all of it back;
// one that does not is blind at a tenth of the letters already. The attack that asks a model to *say* emoji
// between words, and takes them out, changes the contexts while the text is made; that one needs the
// model's obedience and is not here.
//
// Words in ASCII letters only; other scripts stay.
//
// J. Kirchenbauer et al., 2023, arXiv:2301.10226, section 6 (homoglyph and emoji attacks).

namespace ringfort::attacks::data_to_data {

struct DisguiseRule {
  double letters = 0.1;  // share of the letters with a look-alike that take it
  double unseen = 0;     // share of the words that a space of no width stands in
  double emoji = 0;      // share of the words that an emoji stands before
  std::uint64_t seed = 1;
};

std::string Disguise(std::string_view text, const DisguiseRule& rule);

AttackEntry LookAlikeCharacters();

}  // namespace ringfort::attacks::data_to_data
