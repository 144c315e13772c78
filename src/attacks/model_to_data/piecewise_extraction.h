#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "attacks/attack.h"

// Piecewise extraction: discoverable memorization of one who knows of the memorization
// filter.
//
// The filter stops the token that would complete a run of so many letters of a protected
// text, the prompt's letters among them. It never sees a run that is broken: so each
// question misspells a word a few letters before its end, and asks for a few tokens only.
// No window is ever whole, the misspelling is far enough back not to derail the model, and
// the pieces, set one behind the other without it, are the text.
//
//   asked   The key is uxnder the s          a letter too many, 8 letters before the end
//   said    tone                             a piece; a window of 12 letters would hold the x
//   asked   The key is under xthe stone       the next question, from what is known by now
//
// The prompt, what is expected and the score are those of discoverable_memorization.h.
// Sample: `text` is a training text of prefix + suffix tokens or more. Each question costs a
// query: suffix / piece of them. Needs generation and tokens. Works while `distance` letters
// and a piece stay below the filter's window, which the attacker has to guess; a model that
// stumbles over one wrong letter is safer from this than from the plain attack.
//
// D. Ippolito et al., 2022, arXiv:2210.17546, evade such filters by style ("false sense of
// privacy"); pieces behind a misspelling are ours.

namespace ringfort::attacks::model_to_data {

// With a letter put in where `distance` letters or digits follow; before all of them if
// there are fewer. Not the letter that follows.
std::string Misspelled(std::string_view text, std::size_t distance);

AttackEntry PiecewiseExtraction();

}  // namespace ringfort::attacks::model_to_data
