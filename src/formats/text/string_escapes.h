#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ringfort::formats {

// The body of a Python (or Jinja) string literal with its escapes resolved:
// `\x5f`, `\137`, `\u005f`, `\n`, line joins; what is no escape stays as it is.
// `decoded` is set when a character was written as a number. In bytes literals
// `\u` is no escape, and `\xNN` stands for one byte, not one character.
std::string ResolveEscapes(std::string_view body, bool bytes, bool& decoded);

}  // namespace ringfort::formats
