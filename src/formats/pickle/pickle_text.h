#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Python's text encodings as far as they are used to spell names: str is UTF-8
// here, bytes are bytes. All functions are pure; nothing means "cannot be told".

namespace ringfort::formats {

// The code point at `at`, which is moved behind it; a malformed byte stands for
// itself.
std::uint32_t NextCodePoint(std::string_view text, std::size_t& at);

std::u32string CodePoints(std::string_view text);
std::string ToUtf8(std::u32string_view code_points);

// bytes.decode(encoding), str.encode(encoding); codecs.decode and encode add
// rot13, hex, base64.
std::optional<std::string> DecodeText(std::string_view bytes, std::string_view encoding);
std::optional<std::string> EncodeText(std::string_view text, std::string_view encoding);

std::string Rot13(std::string_view text);
std::optional<std::string> FromHex(std::string_view text);
std::string ToHex(std::string_view bytes);
// Characters outside the alphabet are passed over, as Python does.
std::optional<std::string> FromBase64(std::string_view text, bool url_safe = false);

// The body of a Python string literal: the escapes of `bytes` (STRING) undone;
// false on a bad one, with what was understood in `out`.
bool Unescape(std::string_view body, std::string& out);
// raw-unicode-escape (UNICODE): only \uXXXX and \UXXXXXXXX; other bytes are Latin-1.
bool UnescapeUnicode(std::string_view line, std::string& out);

}  // namespace ringfort::formats
