#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/labeled_answers.h"
#include "application/model_source.h"
#include "base/result.h"
#include "judges/judge_calibration.h"

// `ringfort judge list` and `ringfort judge calibrate`: how often each judge errs on answers
// that people labeled.
//
// All files of one call are one sample, so that answers of two models to one prompt are one
// cluster. A judge that learns is scored on prompts that it did not see: by
// cross-validation, or, with files to train on or weights that were trained before, on all of
// the data, which may then share no prompt with what it learned from. A judge that asks a
// model is a judge of its own with each model: `method` and the JSON say which it was.

namespace ringfort {

struct CalibrationRequest {
  std::vector<std::string> judges{};  // names; empty: all that need neither model nor reference
  std::vector<std::string> data{};
  std::vector<std::string> train{};  // for the classifier; empty: cross-validation
  std::string weights{};             // of `judge train`, in place of training
  std::string model{};               // whom a judge that needs a model asks, as for OpenModel
  ModelOptions model_options{};
  std::string questions{};  // what the indices of GPTFuzz's files point to
  PromptHalf half = PromptHalf::kAll;
  std::uint32_t folds = 5;
  std::uint64_t resamples = 2000;
  std::uint64_t seed = 1;
};

struct CalibrationAnswer {
  CalibrationRequest request{};
  std::vector<LabeledFile> files{};   // without their answers
  std::vector<std::uint64_t> used{};  // answers of each file, of the half asked for
  std::uint64_t successes = 0;        // true ones, of all
  std::uint64_t failures = 0;
  std::vector<judges::JudgeCalibration> judges{};
  engines::ModelFacts model{};  // of the model that was asked; without a name: none was
};

// Errors: kUnavailable for a file that cannot be read or a judge that does not exist or
// cannot be had here, what OpenModel says; kInvalidInput for a file of no known form (`path:line: ...`), for no
// answer of the half, or what does not suffice to learn from.
Result<CalibrationAnswer> CalibrateJudges(const CalibrationRequest& request);

// For a person; and {"schema": "ringfort.judge_calibration/1", ...}.
std::string WriteCalibrationTable(const CalibrationAnswer& answer);
std::string WriteCalibrationJson(const CalibrationAnswer& answer);

std::string WriteJudgeTable();
std::string WriteJudgeJson();  // {"schema": "ringfort.judges/1", ...}

}  // namespace ringfort
