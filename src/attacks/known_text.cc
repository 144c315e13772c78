#include "attacks/known_text.h"

#include "detectors/verbatim_overlap.h"

namespace ringfort::attacks {

KnownText NearestKnownText(std::string_view answer, std::span<const std::string> known) {
  const std::string* nearest = known.empty() ? nullptr : &known.front();
  std::size_t longest = 0;
  for (const std::string& text : known) {
    const std::size_t length = detectors::LongestCommonWords(answer, text).length;
    if (length <= longest) continue;
    longest = length;
    nearest = &text;
  }
  return {nearest == nullptr ? std::string() : *nearest, longest};
}

}  // namespace ringfort::attacks
