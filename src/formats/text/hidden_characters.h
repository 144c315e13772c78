#pragma once

#include <cstdint>
#include <string_view>

namespace ringfort::formats {

// Characters of a UTF-8 text that a reader does not see but a model, a tokenizer
// or a compiler does. Joiners (U+200C, U+200D) are not counted: Persian, Hindi
// and emoji need them; neither is a byte order mark at the very start. One pass.
struct HiddenCharacters {
  std::uint64_t tags = 0;        // U+E0000..U+E007F: ASCII in invisible ink
  std::uint64_t overrides = 0;   // bidirectional embeddings, overrides and isolates (CVE-2021-42574)
  std::uint64_t zero_width = 0;  // U+200B, U+2060..U+2064, U+FEFF
  std::uint64_t first = 0;       // offset of the first of them
};

HiddenCharacters FindHiddenCharacters(std::string_view text);

}  // namespace ringfort::formats
