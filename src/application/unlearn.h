#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "defenses/model_to_data/gradient_ascent.h"

namespace ringfort {

// `ringfort unlearn`: takes a model's memory of some texts away (defenses/model_to_data/
// gradient_ascent.h, task_vector.h) and writes the model that is left as a GGUF file. Whether it
// forgot is for a campaign to say, beside a model that never saw the texts.
struct UnlearnRequest {
  std::string model{};   // GGUF file
  std::string output{};  // GGUF file
  std::string forget{};  // texts: a text a line, or .jsonl
  std::string retain{};
  std::string method = "gradient_ascent";  // or task_vector
  std::uint32_t steps = 100;               // of gradient_ascent
  std::uint32_t epochs = 3;                // of task_vector
  double learning_rate = 0;                // 0: the method's own
  double scale = 1;                        // of task_vector
  double target = 0;                       // of gradient_ascent, nats a token; 0: twice the retained texts'
  std::uint32_t threads = 1;
};

struct UnlearnResult {
  std::string output{};
  std::string method{};
  defenses::model_to_data::UnlearningReport report{};
};

// Errors: kInvalidInput for requests and files that cannot be; kUnsupported without
// libtorch; kUnavailable where a file cannot be read or written.
Result<UnlearnResult> UnlearnTexts(const UnlearnRequest& request);

std::string WriteUnlearnTable(const UnlearnResult& result);
std::string WriteUnlearnJson(const UnlearnResult& result);  // ringfort.unlearning/1

}  // namespace ringfort
