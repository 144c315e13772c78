#include "base/text_cipher.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace ringfort {
namespace {

constexpr std::string_view kDigits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kPlain = "aeiost", kLeet = "431057";

constexpr std::pair<char, std::string_view> kMorse[] = {
    {'a', ".-"},     {'b', "-..."},   {'c', "-.-."},   {'d', "-.."},     {'e', "."},      {'f', "..-."},
    {'g', "--."},    {'h', "...."},   {'i', ".."},     {'j', ".---"},    {'k', "-.-"},    {'l', ".-.."},
    {'m', "--"},     {'n', "-."},     {'o', "---"},    {'p', ".--."},    {'q', "--.-"},   {'r', ".-."},
    {'s', "..."},    {'t', "-"},      {'u', "..-"},    {'v', "...-"},    {'w', ".--"},    {'x', "-..-"},
    {'y', "-.--"},   {'z', "--.."},   {'0', "-----"},  {'1', ".----"},   {'2', "..---"},  {'3', "...--"},
    {'4', "....-"},  {'5', "....."},  {'6', "-...."},  {'7', "--..."},   {'8', "---.."},  {'9', "----."},
    {'.', ".-.-.-"}, {',', "--..--"}, {'?', "..--.."}, {'\'', ".----."}, {':', "---..."}, {'-', "-....-"},
    {'"', ".-..-."}, {'/', "-..-."},  {'=', "-...-"},  {'(', "-.--."},   {')', "-.--.-"}, {'+', ".-.-."}};

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string ToBase64(std::string_view text) {
  std::string coded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) coded += i + j > text.size() ? '=' : kDigits64[bits >> (18 - 6 * j) & 63U];
  }
  return coded;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (!IsSpace(c)) digits += c;
  if (digits.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && !digits.empty() && digits.back() == '=') digits.pop_back(), ++padding;
  std::string plain;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : digits) {
    const std::size_t value = kDigits64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((held += 6) < 8) continue;
    held -= 8;
    plain += static_cast<char>(bits >> held & 255U);
  }
  return plain;
}

std::string Rotated(std::string_view text) {
  std::string turned(text);
  for (char& c : turned) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>('A' + (c - 'A' + 13) % 26);
  }
  return turned;
}

// Bytes that continue a character stay behind the one that begins it.
std::string Reversed(std::string_view text) {
  std::string turned;
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && end - begin < 4 && (text[begin] & 0xC0) == 0x80) --begin;
    turned.append(text.substr(begin, end - begin));
    end = begin;
  }
  return turned;
}

std::string ToLeet(std::string_view text) {
  std::string coded;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || c == '#') coded += '#';
    const std::size_t at = kPlain.find(c);
    coded += at == std::string_view::npos ? c : kLeet[at];
  }
  return coded;
}

std::string FromLeet(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && i + 1 < text.size()) {
      plain += text[++i];
      continue;
    }
    const std::size_t at = kLeet.find(text[i]);
    plain += at == std::string_view::npos ? text[i] : kPlain[at];
  }
  return plain;
}

std::string ToMorse(std::string_view text) {
  std::string coded;
  bool parted = false;
  for (const char c : LowerCase(text)) {
    if (IsSpace(c)) {
      parted = !coded.empty();
      continue;
    }
    const auto sign = std::ranges::find(kMorse, c, [](const auto& pair) { return pair.first; });
    if (sign == std::end(kMorse)) continue;
    coded += parted ? " / " : coded.empty() ? "" : " ";
    coded += sign->second;
    parted = false;
  }
  return coded;
}

std::optional<std::string> FromMorse(std::string_view text) {
  std::string plain, sign;
  bool some = false;
  const auto end_sign = [&] {
    if (sign.empty()) return true;
    const auto known = std::ranges::find(kMorse, std::string_view(sign), [](const auto& pair) { return pair.second; });
    if (known == std::end(kMorse)) return false;
    plain += known->first;
    some = true;
    sign.clear();
    return true;
  };
  for (const char c : text) {
    if (c == '.' || c == '-') {
      sign += c;
      continue;
    }
    if (!IsSpace(c) && c != '/') return std::nullopt;
    if (!end_sign()) return std::nullopt;
    if (c == '/') plain += ' ';
  }
  if (!end_sign() || !some) return std::nullopt;
  return plain;
}

}  // namespace

std::string Encipher(TextCipher cipher, std::string_view text) {
  switch (cipher) {
    case TextCipher::kBase64: return ToBase64(text);
    case TextCipher::kRot13: return Rotated(text);
    case TextCipher::kReversed: return Reversed(text);
    case TextCipher::kLeetspeak: return ToLeet(text);
    case TextCipher::kMorse: return ToMorse(text);
  }
  return std::string(text);
}

std::optional<std::string> Decipher(TextCipher cipher, std::string_view text) {
  switch (cipher) {
    case TextCipher::kBase64: return FromBase64(text);
    case TextCipher::kRot13: return Rotated(text);
    case TextCipher::kReversed: return Reversed(text);
    case TextCipher::kLeetspeak: return FromLeet(text);
    case TextCipher::kMorse: return FromMorse(text);
  }
  return std::nullopt;
}

}  // namespace ringfort
