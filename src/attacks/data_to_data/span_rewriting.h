#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attacks/attack.h"
#include "base/result.h"

// Span rewriting: a walk of small edits that each keep the quality, until no mark is left.
//
// In each step some words in a row are taken out, a model goes on from what stands before them, and
// its words take their place. The step is kept if the whole text, read by the same model, is not less likely
// a byte than the first text was, less `tolerance`; else it is undone.
//
//   "the old dog [ran away from] home", the model goes on "the old dog" -> "sat down at"
//   -1.31 nats a byte before, -1.29 after: kept
//
// The walk knows nothing of the mark and cannot tell when it is gone; what it changes and what is
// left after so many steps is measured. With an editor that pushes down what was learned to be green
// (green_list_forgery.h) it becomes a remover that knows the mark.
//
// Limits: any model that generates and gives scores, however small, but the quality is in its eyes;
// the source has a second, stronger judge of quality. Words after the span do not help to choose, so
// seams show. One question and one score a step.
//
// H. Zhang et al., "Watermarks in the Sand", ICML 2024, arXiv:2311.04378 (random walk).

namespace ringfort::attacks::data_to_data {

struct WalkRule {
  std::uint32_t steps = 20;
  std::uint32_t words = 4;  // taken out at once
  double tolerance = 0.02;  // nats a byte that the text may become less likely
  double temperature = 1;
  std::uint64_t seed = 1;
};

struct Walk {
  std::string text{};
  std::uint32_t kept = 0;  // steps
  double before = 0;       // log-probability a byte
  double after = 0;
};

// `editor` may be null. Errors: kUnsupported for a model that does not generate or gives no scores
// (with an editor: no logits); the model's own.
Result<Walk> RewriteSpans(engines::Model& model, std::string_view text, const WalkRule& rule,
                          engines::LogitsEditor* editor = nullptr);

AttackEntry SpanRewriting();

}  // namespace ringfort::attacks::data_to_data
