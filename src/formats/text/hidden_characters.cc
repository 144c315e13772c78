#include "formats/text/hidden_characters.h"

namespace ringfort::formats {

HiddenCharacters FindHiddenCharacters(std::string_view text) {
  HiddenCharacters found;
  const auto note = [&](std::uint64_t& count, std::size_t at) {
    if (found.tags + found.overrides + found.zero_width == 0) found.first = at;
    ++count;
  };
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
    if (byte(0) == 0xE2 && byte(1) == 0x80) {
      if (byte(2) >= 0xAA && byte(2) <= 0xAE) note(found.overrides, at);
      if (byte(2) == 0x8B) note(found.zero_width, at);
    } else if (byte(0) == 0xE2 && byte(1) == 0x81) {
      if (byte(2) >= 0xA6 && byte(2) <= 0xA9) note(found.overrides, at);
      if (byte(2) >= 0xA0 && byte(2) <= 0xA4) note(found.zero_width, at);
    } else if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF && at != 0) {
      note(found.zero_width, at);
    } else if (byte(0) == 0xF3 && byte(1) == 0xA0 && (byte(2) == 0x80 || byte(2) == 0x81)) {
      note(found.tags, at);
    }
  }
  return found;
}

}  // namespace ringfort::formats
