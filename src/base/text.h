#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Text that comes from hostile bytes, made fit to be shown.

namespace ringfort {

// `text` with control characters, invalid UTF-8 and bidirectional overrides
// written as `\xNN` or `\u{NNNN}`, cut at `limit` bytes with `...` behind. The
// result is valid UTF-8 on one line and can be printed to a terminal.
std::string Printable(std::string_view text, std::size_t limit = 2048);

bool IsValidUtf8(std::string_view text);

// Appends the UTF-8 form of a code point. Surrogates are written as they come (three
// bytes, as Python's surrogatepass does); past U+10FFFF it is U+FFFD.
void AppendUtf8(std::string& text, std::uint32_t code);

// Appends `field` with its length in front, which keeps fields apart whatever they
// hold: what a digest is taken over.
void AppendField(std::string& all, std::string_view field);

// Lower-case hexadecimal digits.
std::string Hex(std::string_view bytes);

// ASCII only; other bytes stay.
std::string LowerCase(std::string_view text);

// `1234567` as `1.2 MB` (powers of 1000).
std::string HumanBytes(unsigned long long bytes);

}  // namespace ringfort
