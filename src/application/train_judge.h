#pragma once

#include <string>
#include <vector>

#include "application/labeled_answers.h"
#include "base/result.h"

// `ringfort judge train`: teaches the classifier judge from answers that people labeled.

namespace ringfort {

struct JudgeTrainingRequest {
  std::vector<std::string> data{};
  std::string questions{};
  PromptHalf half = PromptHalf::kAll;
};

struct TrainedJudge {
  std::string file{};     // ringfort.judge_classifier/1
  std::string summary{};  // one line, for a person
};

// Errors: kUnavailable for a file that cannot be read; kInvalidInput for a file of no known
// form, or without both kinds of answer.
Result<TrainedJudge> TrainJudge(const JudgeTrainingRequest& request);

}  // namespace ringfort
