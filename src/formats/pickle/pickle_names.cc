#include <array>

#include "formats/pickle/pickle_machine.h"

// The words for the enumerations.

namespace ringfort::formats {
namespace {

template <std::size_t N, class Enum>
std::string_view Pick(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "?";
}

}  // namespace

std::string_view Name(PickleKind kind) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"unknown", "None", "bool", "int", "float", "str", "bytes", "bytearray", "global", "tuple", "list", "dict", "set",
       "frozenset", "object", "persistent", "extension", "buffer"});
  return Pick(kNames, kind);
}

std::string_view Name(PickleAction action) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"call", "new", "new with keywords", "instantiate", "indirect call", "set state", "set items", "append", "add"});
  return Pick(kNames, action);
}

std::string_view Name(PickleOddity oddity) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"memo-index-huge", "memo-absent",        "memo-overwritten", "memo-nothing",    "duplicate-chain",
       "protocol-late",   "protocol-unknown",   "opcode-too-new",   "frame-mismatch",  "stack-underflow",
       "mark-missing",    "mark-popped",        "stack-leftover",   "integer-huge",    "integer-malformed",
       "length-negative", "text-malformed",     "name-not-text",    "name-unresolved", "extension-code",
       "persistent-id",   "out-of-band-buffer", "expansion",        "foreign-array",   "array-unreadable",
       "frame-truncated", "type-mismatch"});
  return Pick(kNames, oddity);
}

std::string_view Name(PickleEnd end) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"stop", "truncated", "invalid opcode", "refused", "limit"});
  return Pick(kNames, end);
}

}  // namespace ringfort::formats
