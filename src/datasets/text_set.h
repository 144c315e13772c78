#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Texts to ask a model about: members and held-out texts, prompts, secrets.
//
//   .jsonl     an object a line: `text`, and if they are there `id` and `label`
//   any other  a text a line, or a text a paragraph (blank lines between)
//
// Empty texts are left out. An `id` that the file does not give is the line that the
// text begins on.

namespace ringfort::datasets {

struct TextSample {
  std::string id{};
  std::string text{};
  std::string label{};   // as the file says; empty if it does not
  std::string digest{};  // SHA-256 of the text in lower-case hex
  friend bool operator==(const TextSample&, const TextSample&) = default;
};

struct TextSet {
  std::string source{};  // path, as it was given
  std::string digest{};  // SHA-256 of the file
  std::vector<TextSample> samples{};
};

enum class TextUnit { kLine, kParagraph };

struct TextSetLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t samples = 1'000'000;
};

// Errors: kUnavailable for a file that cannot be read; kLimitExceeded; kInvalidInput, with
// file and line, for a line of JSON that is no object with a text, an id told twice, or
// bytes that are not UTF-8.
Result<TextSet> ReadTextSet(const std::string& path, TextUnit unit = TextUnit::kLine, const TextSetLimits& limits = {});

// The same of bytes at hand; `name` stands for the path and tells by its ending what they
// are.
Result<TextSet> ParseTextSet(std::string_view bytes, const std::string& name, TextUnit unit = TextUnit::kLine,
                             const TextSetLimits& limits = {});

}  // namespace ringfort::datasets
