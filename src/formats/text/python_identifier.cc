#include "formats/text/python_identifier.h"

#include <cstdint>

namespace ringfort::formats {
namespace {

// Zero if the character does not become an ASCII letter, digit or underscore.
char Plain(std::uint32_t code) {
  if (code >= 0x1D400 && code < 0x1D6A4) {  // mathematical alphabets of 52 letters each
    const std::uint32_t letter = (code - 0x1D400) % 52;
    return static_cast<char>(letter < 26 ? 'A' + letter : 'a' + letter - 26);
  }
  if (code >= 0x1D7CE && code < 0x1D800) return static_cast<char>('0' + (code - 0x1D7CE) % 10);
  if (code >= 0xFF21 && code <= 0xFF3A) return static_cast<char>('A' + code - 0xFF21);
  if (code >= 0xFF41 && code <= 0xFF5A) return static_cast<char>('a' + code - 0xFF41);
  if (code >= 0xFF10 && code <= 0xFF19) return static_cast<char>('0' + code - 0xFF10);
  switch (code) {
    case 0xAA: return 'a';
    case 0xBA: return 'o';
    case 0x17F: return 's';
    case 0x2071: return 'i';
    case 0x207F: return 'n';
    case 0x210A: return 'g';
    case 0x210E: return 'h';
    case 0x2113: return 'l';
    case 0x212F: return 'e';
    case 0x2134: return 'o';
    case 0xFF3F:
    case 0xFE33:
    case 0xFE34:
    case 0xFE4D:
    case 0xFE4E:
    case 0xFE4F: return '_';
    default: return '\0';
  }
}

}  // namespace

std::string PythonIdentifier(std::string_view raw, bool& disguised) {
  std::string name;
  for (std::size_t at = 0; at < raw.size();) {
    const auto lead = static_cast<unsigned char>(raw[at]);
    const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char plain = '\0';
    if (size > 1 && at + size <= raw.size()) {
      std::uint32_t code = lead & (0xFFU >> (size + 1));
      for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(raw[at + i]) & 0x3FU);
      plain = Plain(code);
    }
    if (plain != '\0') {
      name += plain;
      disguised = true;
    } else {
      name += raw.substr(at, size);
    }
    at += size;
  }
  return name;
}

}  // namespace ringfort::formats
