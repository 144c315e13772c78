#include "formats/pickle/pickle_text.h"

#include <algorithm>

#include "base/text.h"

namespace ringfort::formats {
namespace {

int HexDigit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

// Reads `digits` hexadecimal digits; -1 if they are not there.
std::int64_t HexNumber(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = HexDigit(text[at + i]);
    if (digit < 0) return -1;
    number = number * 16 + digit;
  }
  return number;
}

// "UTF-8", "utf_8" and "utf8" are one encoding to Python.
std::string PlainName(std::string_view encoding) {
  std::string plain;
  for (const char letter : encoding) {
    if (letter == '-' || letter == '_' || letter == ' ') continue;
    plain.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
  }
  return plain;
}

bool IsUtf8(std::string_view name) {
  return name == "utf8" || name == "u8" || name == "utf" || name == "ascii" || name == "usascii" || name == "646";
}
bool IsLatin1(std::string_view name) {
  return name == "latin1" || name == "latin" || name == "iso88591" || name == "l1" || name == "cp819" || name == "8859";
}

}  // namespace

std::uint32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto first = static_cast<std::uint8_t>(text[at++]);
  const unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return first;
  std::uint32_t point = first & (0x3F >> more);
  for (unsigned i = 0; i < more; ++i) {
    const auto next = static_cast<std::uint8_t>(text[at + i]);
    if ((next & 0xC0) != 0x80) return first;
    point = point << 6 | (next & 0x3F);
  }
  at += more;
  return point;
}

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points.push_back(NextCodePoint(text, at));
  return points;
}

std::string ToUtf8(std::u32string_view points) {
  std::string text;
  for (const char32_t point : points) AppendUtf8(text, point);
  return text;
}

std::optional<std::string> DecodeText(std::string_view bytes, std::string_view encoding) {
  const std::string name = PlainName(encoding);
  if (IsUtf8(name)) return std::string(bytes);
  if (IsLatin1(name)) {
    std::string text;
    for (const char byte : bytes) AppendUtf8(text, static_cast<std::uint8_t>(byte));
    return text;
  }
  if (name == "utf16le" || name == "utf16") {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
      const std::uint32_t unit = static_cast<std::uint8_t>(bytes[i]) |
                                 static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i + 1])) << 8;
      if (i == 0 && unit == 0xFEFF && name == "utf16") continue;
      AppendUtf8(text, unit);
    }
    return text;
  }
  if (name == "hex" || name == "hexcodec") return FromHex(bytes);
  if (name == "base64" || name == "base64codec" || name == "base_64") return FromBase64(bytes);
  if (name == "rot13" || name == "rot_13") return Rot13(bytes);
  if (name == "unicodeescape") {
    std::string text;
    if (!Unescape(bytes, text)) return std::nullopt;
    return text;
  }
  if (name == "rawunicodeescape") {
    std::string text;
    if (!UnescapeUnicode(bytes, text)) return std::nullopt;
    return text;
  }
  return std::nullopt;
}

std::optional<std::string> EncodeText(std::string_view text, std::string_view encoding) {
  const std::string name = PlainName(encoding);
  if (IsUtf8(name)) return std::string(text);
  if (IsLatin1(name)) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size();) {
      const std::uint32_t point = NextCodePoint(text, at);
      if (point > 0xFF) return std::nullopt;
      bytes.push_back(static_cast<char>(point));
    }
    return bytes;
  }
  if (name == "rot13") return Rot13(text);
  if (name == "hex" || name == "hexcodec") return ToHex(text);
  return std::nullopt;
}

std::string Rot13(std::string_view text) {
  std::string turned(text);
  for (char& letter : turned) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>('a' + (letter - 'a' + 13) % 26);
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>('A' + (letter - 'A' + 13) % 26);
  }
  return turned;
}

std::optional<std::string> FromHex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') {
      ++i;
      continue;
    }
    const std::int64_t byte = HexNumber(text, i, 2);
    if (byte < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    i += 2;
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(kDigits[static_cast<std::uint8_t>(byte) >> 4]);
    text.push_back(kDigits[byte & 0xF]);
  }
  return text;
}

std::optional<std::string> FromBase64(std::string_view text, bool url_safe) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char letter : text) {
    int value = -1;
    if (letter >= 'A' && letter <= 'Z')
      value = letter - 'A';
    else if (letter >= 'a' && letter <= 'z')
      value = letter - 'a' + 26;
    else if (letter >= '0' && letter <= '9')
      value = letter - '0' + 52;
    else if (letter == (url_safe ? '-' : '+'))
      value = 62;
    else if (letter == (url_safe ? '_' : '/'))
      value = 63;
    if (value < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>(bits >> held & 0xFF));
    }
  }
  return bytes;
}

bool Unescape(std::string_view body, std::string& out) {
  bool good = true;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      out.push_back(body[i]);
      continue;
    }
    if (++i == body.size()) return false;
    switch (const char letter = body[i]) {
      case '\n': break;
      case '\\':
      case '\'':
      case '"': out.push_back(letter); break;
      case 'a': out.push_back('\a'); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      case 'v': out.push_back('\v'); break;
      case 'x': {
        const std::int64_t byte = HexNumber(body, i + 1, 2);
        if (byte < 0) {
          good = false;
          break;
        }
        out.push_back(static_cast<char>(byte));
        i += 2;
        break;
      }
      default:
        if (letter >= '0' && letter <= '7') {
          unsigned number = 0;
          std::size_t digits = 0;
          while (digits < 3 && i + digits < body.size() && body[i + digits] >= '0' && body[i + digits] <= '7') {
            number = number * 8 + static_cast<unsigned>(body[i + digits] - '0');
            ++digits;
          }
          out.push_back(static_cast<char>(number & 0xFF));
          i += digits - 1;
        } else {
          out.push_back('\\');
          out.push_back(letter);
        }
    }
  }
  return good;
}

bool UnescapeUnicode(std::string_view line, std::string& out) {
  bool good = true;
  for (std::size_t i = 0; i < line.size();) {
    // A run of backslashes: only an odd last one before u or U escapes.
    if (line[i] != '\\') {
      AppendUtf8(out, static_cast<std::uint8_t>(line[i++]));
      continue;
    }
    std::size_t run = 0;
    while (i + run < line.size() && line[i + run] == '\\') ++run;
    const char letter = i + run < line.size() ? line[i + run] : '\0';
    if (run % 2 == 0 || (letter != 'u' && letter != 'U')) {
      out.append(run, '\\');
      i += run;
      continue;
    }
    out.append(run - 1, '\\');
    i += run + 1;
    const std::size_t digits = letter == 'u' ? 4 : 8;
    const std::int64_t point = HexNumber(line, i, digits);
    if (point < 0 || point > 0x10FFFF) {
      good = false;
      out.push_back('\\');
      out.push_back(letter);
      continue;
    }
    AppendUtf8(out, static_cast<std::uint32_t>(point));
    i += digits;
  }
  return good;
}

}  // namespace ringfort::formats
