#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// The words of a text as detectors see them: runs of ASCII letters, digits and
// apostrophes in lower case, and runs of other bytes above 127 (so that text in other
// scripts is not empty). Everything else parts words. The typographic apostrophe counts
// as the plain one.
//
//   "I'm sorry, but -- NO."   i'm sorry but no

namespace ringfort::detectors {

std::vector<std::string> WordsOf(std::string_view text);

// Gives equal words equal numbers, so that overlaps compare numbers.
class WordNumbers {
 public:
  std::vector<std::uint32_t> Of(std::string_view text);

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_{};
};

}  // namespace ringfort::detectors
