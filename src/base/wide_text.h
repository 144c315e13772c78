#pragma once

#include <optional>
#include <string>
#include <string_view>

// Text in UTF-16 or UTF-32. Python's json reads it without being asked, so that a
// file may be an attack to a loader and noise to who expects UTF-8.

namespace ringfort {

// `bytes` in UTF-8, if they begin as UTF-16 or UTF-32 of either byte order: with a
// byte order mark, or with a character of which only one byte is not zero. What is
// no character becomes U+FFFD; an unfinished unit at the end is left out.
//
// Source: RFC 4627, section 3; json.detect_encoding of Python.
std::optional<std::string> DecodeWideText(std::string_view bytes);

}  // namespace ringfort
