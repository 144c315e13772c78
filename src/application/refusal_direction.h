#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/counted_share.h"
#include "attacks/data_to_model/refusal_ablation.h"
#include "base/progress.h"
#include "base/result.h"

namespace ringfort {

// `ringfort refusal-direction`: the direction by which a model refuses; what is said once it is taken out, by who
// attacks, or pushed along, by who defends.
//
// Requests are dealt by what they are after: a direction is found from one half of the secrets, those requests
// that the model really refuses and those that it really answers, three of four to make it and one to choose it.
// The other half is asked. What is tried:
//
//   none            the model as it is
//   stream ablated  the direction taken out of the stream
//   weights ablated the same written into the weights, which `output` keeps as a GGUF file
//   steered S       S lengths of it added to the stream, always
//   gated S         the same for questions that lie near to refused ones
//
// against each of `attacks`, which get the model with its weights, and on honest requests.
struct RefusalDirectionRequest {
  std::string model{};     // GGUF or folder
  std::string requests{};  // .jsonl of campaign/sample_file.h: the first candidate is the secret
  std::string benign{};    // likewise, of an honest task
  std::string output{};    // "": no model is written
  std::vector<double> strengths = {0.5, 1};
  double gate = 0.5;
  std::vector<std::string> attacks = {"direct_request", "prefix_injection", "role_hijack", "template_bypass"};
  std::uint32_t answer_tokens = 48;
  std::uint32_t threads = 1;
};

struct RefusalDirectionRow {
  std::string change{};  // "none", "steered 1"
  std::string attack{};  // "": the honest requests
  CountedShare said{};   // the answer holds the secret; of an honest one the fact
  CountedShare refused{};
};

struct RefusalDirectionResult {
  RefusalDirectionRequest request{};
  attacks::data_to_model::RefusalDirection found{};
  std::uint64_t refused = 0, answered = 0;  // that it was made and chosen from
  std::vector<RefusalDirectionRow> rows{};
  bool stopped = false;
};

// Errors: kInvalidInput for requests and files that cannot be, an unknown attack or one that takes no requests, a
// model that refuses or answers fewer than eight of the requests that it is found from; kUnsupported without
// libtorch; kUnavailable where the model cannot be written. The progress is shown rows.
Result<RefusalDirectionResult> RunRefusalDirection(const RefusalDirectionRequest& request, Progress* progress);

std::string WriteRefusalDirectionTable(const RefusalDirectionResult& result);
std::string WriteRefusalDirectionJson(const RefusalDirectionResult& result);  // ringfort.refusal_direction/1

}  // namespace ringfort
