#include "detectors/look_alikes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace ringfort::detectors {
namespace {

struct Pair {
  char letter;
  std::uint32_t other;
};

// The first of a letter is the one that LookAlikeOf gives.
constexpr Pair kPairs[] = {
    {'a', 0x430}, {'c', 0x441}, {'d', 0x501}, {'e', 0x435}, {'g', 0x261}, {'h', 0x4BB}, {'i', 0x456}, {'j', 0x458},
    {'l', 0x4CF}, {'n', 0x578}, {'o', 0x43E}, {'p', 0x440}, {'q', 0x51B}, {'s', 0x455}, {'u', 0x57D}, {'v', 0x475},
    {'w', 0x51D}, {'x', 0x445}, {'y', 0x443}, {'A', 0x410}, {'B', 0x412}, {'C', 0x421}, {'E', 0x415}, {'H', 0x41D},
    {'I', 0x406}, {'J', 0x408}, {'K', 0x41A}, {'M', 0x41C}, {'N', 0x39D}, {'O', 0x41E}, {'P', 0x420}, {'S', 0x405},
    {'T', 0x422}, {'X', 0x425}, {'Y', 0x4AE}, {'Z', 0x396}, {'a', 0x3B1}, {'i', 0x3B9}, {'o', 0x3BF}, {'v', 0x3BD},
    {'p', 0x3C1}, {'u', 0x3C5}, {'A', 0x391}, {'B', 0x392}, {'E', 0x395}, {'H', 0x397}, {'I', 0x399}, {'K', 0x39A},
    {'M', 0x39C}, {'O', 0x39F}, {'P', 0x3A1}, {'T', 0x3A4}, {'X', 0x3A7}, {'Y', 0x3A5}, {'o', 0x585}, {'I', 0x4C0},
    {'i', 0x131},
};

char AsciiOf(std::uint32_t code) {
  for (const Pair& pair : kPairs)
    if (pair.other == code) return pair.letter;
  return 0;
}

enum class Script : std::uint8_t { kNone, kCyrillic, kGreek, kArmenian };
constexpr std::size_t kScripts = 4;

Script ScriptOf(std::uint32_t code) {
  if (code >= 0x400 && code <= 0x52F) return Script::kCyrillic;
  if (code >= 0x370 && code <= 0x3FF) return Script::kGreek;
  if (code >= 0x530 && code <= 0x58F) return Script::kArmenian;
  return Script::kNone;
}

bool IsSpace(std::uint32_t code) {
  return code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool IsUnseen(std::uint32_t code) {
  return code == 0xAD || (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF || (code >= 0xFE00 && code <= 0xFE0F) ||
         (code >= 0xE0000 && code <= 0xE01EF) || (code >= 0x1F1E6 && code <= 0x1F1FF) ||
         (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x2600 && code <= 0x27BF);
}

// Fullwidth forms, and the 13 mathematical alphabets of 52 letters each.
char WideAsciiOf(std::uint32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return static_cast<char>(code - 0xFF01 + 0x21);
  if (code >= 0x1D400 && code < 0x1D400 + 13 * 52) {
    const std::uint32_t letter = (code - 0x1D400) % 52;
    return static_cast<char>(letter < 26 ? 'A' + letter : 'a' + letter - 26);
  }
  return 0;
}

// One character: its bytes, and its code point unless it is no UTF-8.
struct Character {
  std::string_view bytes{};
  std::uint32_t code = 0;
};

std::vector<Character> Characters(std::string_view text) {
  std::vector<Character> characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    const std::string_view bytes = text.substr(at, length);
    if (bytes.size() < length || !IsValidUtf8(bytes)) {
      characters.push_back({text.substr(at, 1), 0});
      ++at;
      continue;
    }
    std::uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (const char byte : bytes.substr(1)) code = code << 6 | (static_cast<unsigned char>(byte) & 0x3F);
    characters.push_back({bytes, code});
    at += length;
  }
  return characters;
}

bool IsLetter(const Character& character) {
  const std::uint32_t code = character.code;
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || ScriptOf(code) != Script::kNone ||
         AsciiOf(code) != 0;
}

}  // namespace

std::uint32_t LookAlikeOf(char letter) {
  for (const Pair& pair : kPairs)
    if (pair.letter == letter) return pair.other;
  return 0;
}

std::string PlainLetters(std::string_view text) {
  std::vector<Character> characters = Characters(text);
  std::erase_if(characters, [](const Character& character) { return IsUnseen(character.code); });
  std::array<bool, kScripts> has_own{};  // letters that look like none of ASCII
  for (const Character& character : characters)
    if (const Script script = ScriptOf(character.code); script != Script::kNone && AsciiOf(character.code) == 0)
      has_own[static_cast<std::size_t>(script)] = true;
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t begin = 0; begin < characters.size();) {
    std::size_t end = begin;
    bool ascii = false;
    while (end < characters.size() && IsLetter(characters[end])) ascii = characters[end++].code < 0x80 || ascii;
    for (; begin < end; ++begin) {
      const Character& character = characters[begin];
      const char seems = character.code < 0x80 ? 0 : AsciiOf(character.code);
      if (seems != 0 && (ascii || !has_own[static_cast<std::size_t>(ScriptOf(character.code))]))
        plain += seems;
      else
        plain += character.bytes;
    }
    if (begin == characters.size()) break;
    const Character& character = characters[begin++];
    if (const char wide = WideAsciiOf(character.code); wide != 0)
      plain += wide;
    else if (IsSpace(character.code))
      plain += ' ';
    else
      plain += character.bytes;
  }
  return plain;
}

}  // namespace ringfort::detectors
