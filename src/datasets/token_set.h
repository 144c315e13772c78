#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Texts that were cut into a model's tokens already:
//
//   .jsonl     an object a line: `tokens`, a list of whole numbers, and if it is there `id`
//   any other  a text a line: numbers with blanks or commas between
//
// A token is 0 to 2^31 - 1. Lines without any are left out. An `id` that the file does not give is the
// number of the line.

namespace ringfort::datasets {

struct TokenSample {
  std::string id{};
  std::vector<std::int32_t> tokens{};
  friend bool operator==(const TokenSample&, const TokenSample&) = default;
};

struct TokenSetLimits {
  std::size_t bytes = std::size_t{512} << 20;
  std::size_t samples = 1'000'000;
  std::size_t tokens = 100'000'000;  // in all
};

// Errors: kUnavailable for a file that cannot be read; kLimitExceeded; kInvalidInput, with file and
// line, for what is no token or no such object, or an id told twice.
Result<std::vector<TokenSample>> ReadTokenSet(const std::string& path, const TokenSetLimits& limits = {});

// The same of bytes at hand; `name` stands for the path and tells by its ending what they are.
Result<std::vector<TokenSample>> ParseTokenSet(std::string_view bytes, const std::string& name,
                                               const TokenSetLimits& limits = {});

}  // namespace ringfort::datasets
