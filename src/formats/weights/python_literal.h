#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Python literals, read and never evaluated: strings, integers, True, False, None,
// tuples, lists and dictionaries of them.
//
// `{'descr': '<f4', 'shape': (3, 4)}` is a literal; `{'descr': __import__('os')}` is not,
// and Error::fault tells it apart: kUnsupported for text that names or calls something,
// kInvalidInput for text that is just broken. Nesting is bounded by 32.

namespace ringfort::formats {

struct PythonLiteral {
  enum class Kind : std::uint8_t { kNone, kBoolean, kInteger, kString, kTuple, kList, kDictionary };
  Kind kind = Kind::kNone;
  bool boolean = false;
  bool negative = false;
  std::uint64_t integer = 0;         // magnitude; saturates
  std::string text;                  // escapes are kept as written
  std::vector<PythonLiteral> items;  // of a sequence; the values of a dictionary
  std::vector<PythonLiteral> keys;   // of a dictionary, as many as items

  bool IsSequence() const { return kind == Kind::kTuple || kind == Kind::kList; }
  // The value under a string key of a dictionary; null if it is not there.
  const PythonLiteral* Find(std::string_view key) const;
};

// The whole of `text` but for surrounding white space. An error's offset counts from
// the start of `text`.
Result<PythonLiteral> ParsePythonLiteral(std::string_view text);

}  // namespace ringfort::formats
