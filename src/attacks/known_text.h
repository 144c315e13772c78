#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// Of many known texts the one that an answer quotes at most length. An attack that cannot
// know what the model will recite tells it to the judge.

namespace ringfort::attacks {

struct KnownText {
  std::string text{};     // the first of `known` where nothing is quoted; empty if none is known
  std::size_t words = 0;  // of the longest run that both hold
};

// Of equals the first. O(n log n) in all words, once a known text.
KnownText NearestKnownText(std::string_view answer, std::span<const std::string> known);

}  // namespace ringfort::attacks
