#include "formats/text/string_escapes.h"

#include <algorithm>

#include "base/text.h"

namespace ringfort::formats {
namespace {

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// `{LOW LINE}` and `{LATIN SMALL LETTER A}`, the names that spell what could be
// written plainly; zero for all others.
char NamedCharacter(std::string_view braced) {
  if (braced == "{LOW LINE}") return '_';
  if (braced == "{FULL STOP}") return '.';
  for (const std::string_view prefix : {"{LATIN SMALL LETTER ", "{LATIN CAPITAL LETTER "}) {
    if (!braced.starts_with(prefix) || braced.size() != prefix.size() + 2) continue;
    const char letter = braced[prefix.size()];
    if (letter < 'A' || letter > 'Z') return '\0';
    return prefix[7] == 'S' ? static_cast<char>(letter + 32) : letter;
  }
  return '\0';
}

}  // namespace

std::string ResolveEscapes(std::string_view body, bool bytes, bool& decoded) {
  std::string text;
  text.reserve(body.size());
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] != '\\' || at + 1 == body.size()) {
      text += body[at];
      continue;
    }
    const char kind = body[++at];
    const auto number = [&](std::size_t first, std::size_t digits, int base, bool exact) -> bool {
      std::uint32_t code = 0;
      std::size_t read = 0;
      while (read < digits && first + read < body.size() && DigitValue(body[first + read]) < base)
        code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(DigitValue(body[first + read++]));
      if (read == 0 || (exact && read != digits)) return false;
      if (bytes)
        text += static_cast<char>(code);
      else
        AppendUtf8(text, code);
      decoded = true;
      at = first + read - 1;
      return true;
    };
    switch (kind) {
      case 'n': text += '\n'; break;
      case 't': text += '\t'; break;
      case 'r': text += '\r'; break;
      case 'a': text += '\a'; break;
      case 'b': text += '\b'; break;
      case 'f': text += '\f'; break;
      case 'v': text += '\v'; break;
      case '\n': break;
      case '\\':
      case '\'':
      case '"': text += kind; break;
      case 'x':
        if (!number(at + 1, 2, 16, true)) text += "\\x";
        break;
      case 'u':
        if (bytes || !number(at + 1, 4, 16, true)) text += "\\u";
        break;
      case 'U':
        if (bytes || !number(at + 1, 8, 16, true)) text += "\\U";
        break;
      case 'N': {
        const std::string_view braced = body.substr(at + 1, 32);
        const auto close = braced.find('}');
        const char named = close == std::string_view::npos ? '\0' : NamedCharacter(braced.substr(0, close + 1));
        if (named != '\0' && !bytes) {
          text += named;
          decoded = true;
          at += close + 1;
        } else {
          text += "\\N";
        }
        break;
      }
      default:
        if (!(kind >= '0' && kind <= '7' && number(at, 3, 8, false))) {
          text += '\\';
          text += kind;
        }
    }
  }
  return text;
}

}  // namespace ringfort::formats
