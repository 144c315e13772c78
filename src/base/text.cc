#include "base/text.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace ringfort {
namespace {

// Length of the UTF-8 sequence at `at`, 0 if there is none; `code` gets its
// code point. Overlong forms, surrogates and values past U+10FFFF are refused.
std::size_t Decode(std::string_view text, std::size_t at, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  std::size_t length = 0;
  std::uint32_t least = 0;
  if (lead < 0x80) {
    code = lead;
    return 1;
  }
  if ((lead & 0xE0) == 0xC0)
    length = 2, code = lead & 0x1F, least = 0x80;
  else if ((lead & 0xF0) == 0xE0)
    length = 3, code = lead & 0x0F, least = 0x800;
  else if ((lead & 0xF8) == 0xF0)
    length = 4, code = lead & 0x07, least = 0x10000;
  else
    return 0;
  if (at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(at + i) & 0x3F);
  }
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
  return length;
}

// Characters that change how the rest of the line is shown, or show nothing.
bool Deceives(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xE0000 && code <= 0xE0FFF);
}

}  // namespace

std::string Printable(std::string_view text, std::size_t limit) {
  std::string shown;
  shown.reserve(text.size() < limit ? text.size() : limit);
  std::array<char, 16> escape;
  for (std::size_t at = 0; at < text.size();) {
    if (shown.size() >= limit) return shown + "...";
    std::uint32_t code = 0;
    const std::size_t length = Decode(text, at, code);
    if (length == 0) {
      std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<std::uint8_t>(text[at]));
      shown += escape.data();
      ++at;
    } else if (code == '\n') {
      shown += "\\n";
      at += length;
    } else if (Deceives(code)) {
      std::snprintf(escape.data(), escape.size(), code < 0x100 ? "\\x%02x" : "\\u{%04x}", code);
      shown += escape.data();
      at += length;
    } else {
      shown.append(text.substr(at, length));
      at += length;
    }
  }
  return shown;
}

bool IsValidUtf8(std::string_view text) {
  std::uint32_t code = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = Decode(text, at, code);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

void AppendUtf8(std::string& text, std::uint32_t code) {
  if (code > 0x10FFFF) code = 0xFFFD;
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto rest = [&put](std::uint32_t bits) { put(0x80 | (bits & 0x3F)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    rest(code);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    rest(code >> 6);
    rest(code);
  } else {
    put(0xF0 | code >> 18);
    rest(code >> 12);
    rest(code >> 6);
    rest(code);
  }
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    hex += kDigits[static_cast<std::uint8_t>(c) >> 4];
    hex += kDigits[static_cast<std::uint8_t>(c) & 15];
  }
  return hex;
}

void AppendField(std::string& all, std::string_view field) {
  all += std::to_string(field.size());
  all += ':';
  all += field;
  all += ';';
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

std::string HumanBytes(unsigned long long bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) value /= 1000, ++unit;
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f " : "%.1f ", value);
  return std::string(text.data()) + std::string(kUnits[unit]);
}

}  // namespace ringfort
