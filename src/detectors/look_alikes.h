#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Characters that look like others: `а` of Cyrillic for `a`, and marks that nobody sees. To a reader
// the text is the same; to whoever compares bytes or cuts tokens it is another.
//
//   "a сat\u200Bs"  (с is Cyrillic, a space of no width)  ->  "a cats"
//
// The pairs are those of Unicode's confusables (UTS #39) for letters of Cyrillic, Greek and
// Armenian that look like one of ASCII, fullwidth forms and the mathematical alphabets.

namespace ringfort::detectors {

// A code point of another script that looks like the ASCII letter; 0 if none is known.
std::uint32_t LookAlikeOf(char letter);

// The text in the letters that it seems to be in: look-alikes become ASCII, other spaces become
// spaces, and what has no width, emoji and their joiners go. Look-alikes of a script in which the
// text also has letters that look like none of ASCII stay, unless an ASCII letter stands in the same
// word: such text is in that script. Invalid UTF-8 stays as it is. Linear in the text.
std::string PlainLetters(std::string_view text);

}  // namespace ringfort::detectors
