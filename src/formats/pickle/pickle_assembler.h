#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// For tests: the few opcodes that are tedious to spell.

namespace ringfort::formats::assembler {

inline std::string Global(std::string_view module, std::string_view name) {
  return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}
// SHORT_BINUNICODE. REQUIRES: text.size() < 256.
inline std::string Text(std::string_view text) {
  return std::string("\x8c") + static_cast<char>(static_cast<std::uint8_t>(text.size())) + std::string(text);
}

}  // namespace ringfort::formats::assembler
