#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "base/result.h"
#include "defenses/model_to_model/dataset_inference.h"

namespace ringfort {

// `ringfort dataset-inference`: was a suspect model, or the one that it was copied from, trained
// on a set of texts (defenses/model_to_model/dataset_inference.h)? Each text is scored once, by
// every membership attack that reads scores and lacks nothing; beside the test stands the
// same one by words alone, and one by length, which never ask the suspect.
struct InferenceRequest {
  std::string suspect{};      // as application/model_source.h names models
  std::string mine{};         // texts that it may have been trained on: a text a line, or .jsonl
  std::string others{};       // texts like them that nobody can have trained on
  std::string reference{};    // a model that the reference attack compares with; empty: none
  std::uint32_t most = 1000;  // texts of each set, the first
  double level = 0.01;        // below which it is claimed
  defenses::model_to_model::InferenceRule rule{};
  ModelOptions model{};
};

enum class InferenceVerdict : std::uint8_t {
  kTrainedOn,   // the test says so, and what never asks the suspect does not
  kNotShown,    // no proof of the contrary
  kSetsDiffer,  // words or lengths alone tell the sets apart: nothing can be shown
};
std::string_view Name(InferenceVerdict verdict);

struct WeighedScore {
  std::string name{};
  double weight = 0;
};

struct InferenceReport {
  std::string suspect{};
  std::size_t mine = 0, others = 0;  // texts that differ, before they are dealt
  std::vector<WeighedScore> scores{};
  std::vector<std::string> left_out{};  // a sentence for each attack that lacked something
  double level = 0;
  defenses::model_to_model::Inference by_model{};
  statistics::MeanDifference by_words{};
  double by_length = 1;  // two-sided, by permutation, over all texts
  InferenceVerdict verdict = InferenceVerdict::kNotShown;
  engines::Usage used{};
};

// Errors: kInvalidInput for requests, files and sets that cannot be, a text that stands in both
// sets among them; kUnsupported for a suspect that tells no scores; the suspect's own.
Result<InferenceReport> InferDatasetOf(const InferenceRequest& request);

std::string WriteInferenceTable(const InferenceReport& report);
std::string WriteInferenceJson(const InferenceReport& report);  // ringfort.dataset-inference/1

}  // namespace ringfort
