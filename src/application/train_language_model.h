#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "datasets/known_secrets.h"
#include "training/language_model_training.h"

namespace ringfort {

// `ringfort train-lm`: deals texts and secrets (datasets/known_secrets.h), learns a vocabulary
// from the texts, trains a LLaMA-style model, and writes a folder:
//
//   model.gguf            for llama.cpp
//   safetensors/          the same for others: config.json, model.safetensors, tokenizer.json
//   members.jsonl, held_out.jsonl, repeated.jsonl    texts with their copies as labels
//   canaries.jsonl, persons.jsonl   samples of `canary_exposure` and `personal_data`
//   plan.toml             a campaign over all of it: `ringfort campaign run FOLDER/plan.toml`
//   ringfort.toml         what `ringfort assess FOLDER` takes as its target
//   ground_truth.json     ringfort.secrets/1: what was trained on and how often, the rule, the
//                         losses, digests, seed and version
//
// The vocabulary sees members, repeated and held-out texts alike, so that it tells nothing
// of who is a member, and none of the secrets.
struct TrainRequest {
  std::string folder{};
  std::vector<std::string> texts{};  // files; paragraphs
  std::string from{};                // a model to train on, GGUF or folder; empty: random weights
  datasets::SecretsShape secrets{};
  bool deduplicate = false;  // train on each text once (defenses: deduplication)
  // Of a model that is not begun with another.
  std::uint32_t vocabulary = 768;
  std::uint32_t width = 96;
  std::uint32_t layers = 4;
  std::uint32_t heads = 4;
  std::uint32_t context = 192;
  training::TrainingPlan plan{};
  std::uint32_t threads = 1;
};

struct TrainResult {
  std::string folder{};
  std::uint64_t parameters = 0;
  std::size_t records = 0;  // trained on, with copies
  training::TrainingReport training{};
};

// Errors: kInvalidInput for requests that cannot be; kUnsupported without libtorch;
// kUnavailable where a file cannot be read or written. A training that is stopped writes
// nothing.
Result<TrainResult> TrainLanguageModelFolder(const TrainRequest& request, Progress* progress);

std::string WriteTrainTable(const TrainResult& result);
std::string WriteTrainJson(const TrainResult& result);

}  // namespace ringfort
