#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

// Python code objects as `marshal.dumps` writes them and Keras keeps them: in
// base64, in the configuration of a Lambda layer.
//
// The bytecode itself changes with every Python version, the strings around it
// do not: each name and each constant is a type byte, a length and the text.
// So the names can be read without knowing the version.
//
// Source: CPython, Python/marshal.c.

namespace ringfort::formats {

// Decodes base64 with line breaks, the standard or the URL alphabet, and missing
// padding. Nullopt when a foreign character stands in it or nothing comes out.
std::optional<std::string> DecodeMimeBase64(std::string_view text);

// True when `bytes` begin as a marshalled code object ('c', with or without the
// reference flag).
bool LooksLikeMarshalledCode(ByteView bytes);

// The strings (names, constants) of a marshalled object, in file order, each once
// and at most `limit` of them. Tolerant: looks for string records at every offset,
// so that damage or an unknown version hides nothing. Views into `bytes`.
std::vector<std::string_view> MarshalledStrings(ByteView bytes, std::size_t limit = 4096);

}  // namespace ringfort::formats
