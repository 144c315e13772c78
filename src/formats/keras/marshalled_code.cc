#include "formats/keras/marshalled_code.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace ringfort::formats {
namespace {

constexpr std::array<std::int8_t, 256> Alphabet() {
  std::array<std::int8_t, 256> value{};
  for (auto& v : value) v = -1;
  for (int i = 0; i < 26; ++i) {
    value['A' + i] = static_cast<std::int8_t>(i);
    value['a' + i] = static_cast<std::int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) value['0' + i] = static_cast<std::int8_t>(52 + i);
  value['+'] = value['-'] = 62;
  value['/'] = value['_'] = 63;
  return value;
}
constexpr std::array<std::int8_t, 256> kAlphabet = Alphabet();

bool IsText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\t' || byte == '\r';
  });
}

}  // namespace

std::optional<std::string> DecodeMimeBase64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') break;
    const int value = kAlphabet[static_cast<std::uint8_t>(c)];
    if (value < 0) return std::nullopt;
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>((held >> bits) & 0xFF));
    }
  }
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

bool LooksLikeMarshalledCode(ByteView bytes) { return bytes.size() >= 16 && (bytes[0] & 0x7F) == 'c'; }

std::vector<std::string_view> MarshalledStrings(ByteView bytes, std::size_t limit) {
  std::vector<std::string_view> strings;
  std::unordered_set<std::string_view> seen;
  for (std::size_t at = 0; at < bytes.size() && strings.size() < limit; ++at) {
    std::size_t length = 0;
    std::size_t start = 0;
    switch (bytes[at] & 0x7F) {
      case 'z':  // short ASCII, and the same interned
      case 'Z':
        if (at + 2 > bytes.size()) continue;
        length = bytes[at + 1];
        start = at + 2;
        break;
      case 'a':  // ASCII, interned ASCII, unicode, interned, bytes: four bytes of length
      case 'A':
      case 'u':
      case 't':
      case 's':
        if (at + 5 > bytes.size()) continue;
        length = LoadLittle<std::uint32_t>(bytes.data() + at + 1);
        start = at + 5;
        break;
      default: continue;
    }
    // One long constant may be looked at from several false starts: a bound on
    // the length keeps the search linear.
    if (length == 0 || length > 4096 || length > bytes.size() - start) continue;
    const std::string_view text = AsText(bytes.subspan(start, length));
    if (!IsText(text)) continue;
    if (seen.insert(text).second) strings.push_back(text);
  }
  return strings;
}

}  // namespace ringfort::formats
