#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

// JSON from strangers. nlohmann::json is the value type of the project; this is
// the one way to make one from bytes that we do not trust. The header is heavy:
// include it in a .cc, or <nlohmann/json_fwd.hpp> in a .h.

namespace ringfort {

using Json = nlohmann::ordered_json;

struct JsonLimits {
  std::size_t depth = 128;
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t values = 2'000'000;  // objects, arrays and scalars in all
};

// Parses one document, by the standard or, where that fails, as Python's json would
// (python_json.h). An error carries the byte offset. Duplicate keys: the last
// one stands, as in Python's json, and `duplicate_keys` (if given) is set.
Result<Json> ParseJson(std::string_view text, const JsonLimits& limits = {}, bool* duplicate_keys = nullptr);

// The member `key` of an object if it is a string, else "".
std::string_view TextMember(const Json& object, std::string_view key);

}  // namespace ringfort
