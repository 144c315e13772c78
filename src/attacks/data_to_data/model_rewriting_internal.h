#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/model.h"

namespace ringfort::attacks::data_to_data {

struct RewritingRule {
  std::uint32_t rounds = 1;
  std::uint32_t words = 60;  // of a piece that is asked at once, whole sentences where they fit
  double temperature = 0.7;
  std::uint64_t seed = 1;
};

// The text piece by piece, each put through the instructions one after the other: in a chat where
// the model has a template, else as a plain continuation of `instruction`, the piece, and `Answer:`.
// Errors: kUnsupported for a model that does not generate; kInvalidInput where it says
// nothing; the model's own.
Result<std::string> RewriteByModel(engines::Model& model, std::string_view text,
                                   std::span<const std::string> instructions, const RewritingRule& rule);

}  // namespace ringfort::attacks::data_to_data
