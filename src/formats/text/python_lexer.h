#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringfort::formats {

struct PythonToken {
  enum class Kind : std::uint8_t { kName, kString, kNumber, kOperator, kNewline, kEnd } kind = Kind::kEnd;
  std::string_view raw;  // of a string: its body, without prefix and quotes
  std::uint64_t offset = 0;
  std::uint32_t indent = 0;  // columns before the first token of its logical line
  bool raw_string = false;   // r''
  bool bytes = false;        // b''
  bool formatted = false;    // f''
};

// The tokens of a Python file, kEnd last; newlines inside brackets and joined
// lines yield nothing. Comments yield nothing. `base` is added to every offset.
std::vector<PythonToken> LexPython(std::string_view source, std::uint64_t base, std::optional<Error>& damage);

}  // namespace ringfort::formats
