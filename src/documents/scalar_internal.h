#pragma once

#include <string_view>

#include "documents/document.h"

namespace ringfort {

// What a scalar without quotes is by the YAML 1.2 core schema: null (`~`, `null`,
// nothing), true and false, a decimal, octal, hexadecimal or floating number, or
// else a text.
Document::Kind KindOfPlainScalar(std::string_view text);

}  // namespace ringfort
