#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "attacks/model_to_model/distillation.h"
#include "base/result.h"
#include "watermarks/mark_evidence.h"

namespace ringfort {

// `ringfort distill`: trains copies of a model on its answers, one a budget
// (attacks/model_to_model/distillation.h), tells how faithful each is, and writes the last as a
// GGUF file.
struct DistillRequest {
  std::string target{};   // as application/model_source.h names models
  std::string output{};   // GGUF file; empty: none is written
  std::string prompts{};  // texts whose beginnings are asked: a text a line, or .jsonl
  std::string probes{};   // texts whose beginnings are compared on
  std::uint32_t most_probes = 50;
  attacks::model_to_model::DistillationRule rule{};
  ModelOptions model{};
  // The target marks its answers (defenses/model_to_model/token_watermark.h), and the mark is
  // looked for in what the last copy says.
  bool watermark = false;
  double watermark_bias = 2;
  watermarks::SchemeRule mark{};  // left_hash of width 1
};

// The mark in texts of three authors, each asked to go on from the probes.
struct MarksFound {
  watermarks::MarkEvidence bare{};    // the target without its defense
  watermarks::MarkEvidence marked{};  // the target with it
  watermarks::MarkEvidence copy{};
};

struct DistillResult {
  std::string target{};
  std::string output{};
  std::size_t prompts = 0, probes = 0;
  std::uint64_t queries = 0, tokens_in = 0, tokens_out = 0;
  std::vector<attacks::model_to_model::Copy> copies{};
  std::optional<MarksFound> marks{};
};

// Errors: kInvalidInput for requests and files that cannot be, kUnsupported without libtorch
// or for a target that does not generate; the target's own.
Result<DistillResult> DistillModel(const DistillRequest& request);

std::string WriteDistillTable(const DistillResult& result);
std::string WriteDistillJson(const DistillResult& result);  // ringfort.distillation/1

}  // namespace ringfort
