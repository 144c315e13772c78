#pragma once

#include <cstddef>
#include <string_view>

// How much of a text was changed: the least number of words to put in, take out or replace that
// turns one into the other, as a share of the longer one's words.
//
//   "the old dog ran away" -> "the big dog ran":  2 edits of 5 words, 0.4
//
// Words are as in words.h, so that case and punctuation do not count; a letter of another script in a
// word makes another word. 0 where neither has words.
//
// Source: V. Levenshtein, Soviet Physics Doklady 10 (1966), over words.

namespace ringfort::detectors {

std::size_t WordEdits(std::string_view before, std::string_view after);
double WordEditShare(std::string_view before, std::string_view after);  // O(words * words)

}  // namespace ringfort::detectors
