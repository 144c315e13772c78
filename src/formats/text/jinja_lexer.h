#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The pieces of a Jinja2 template: data, and the tokens of its tags.

namespace ringfort::formats {

struct JinjaToken {
  enum class Kind : std::uint8_t { kName, kString, kNumber, kOperator, kEnd } kind = Kind::kEnd;
  std::string_view raw;  // as written; of an operator: `(`, `**`, `~`, ...
  std::string text;      // of a string: with its escapes resolved
  bool escaped = false;  // of a string: it had `\x5f`-like escapes
  double number = 0;
  std::uint64_t offset = 0;
};

struct JinjaPiece {
  enum class Kind : std::uint8_t { kData, kExpression, kStatement } kind = Kind::kData;
  std::string_view data;           // of data
  std::vector<JinjaToken> tokens;  // of a tag, kEnd last
  std::uint64_t offset = 0;
};

// Comments yield nothing; the body of `{% raw %}` is data.
std::vector<JinjaPiece> LexJinja(std::string_view source, std::optional<Error>& damage);

}  // namespace ringfort::formats
