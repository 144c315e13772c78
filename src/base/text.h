#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Text that comes from hostile bytes, made fit to be shown.

namespace ringfort {

// `text` with control characters, invalid UTF-8 and bidirectional overrides
// written as `\xNN` or `\u{NNNN}`, cut at `limit` bytes with `...` behind. The
// result is valid UTF-8 on one line and can be printed to a terminal.
std::string Printable(std::string_view text, std::size_t limit = 2048);

bool IsValidUtf8(std::string_view text);

// Lower-case hexadecimal digits.
std::string Hex(std::string_view bytes);

// ASCII only; other bytes stay.
std::string LowerCase(std::string_view text);

// `1234567` as `1.2 MB` (powers of 1000).
std::string HumanBytes(unsigned long long bytes);

}  // namespace ringfort
