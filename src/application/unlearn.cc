#include "application/unlearn.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"
#include "defenses/model_to_data/task_vector.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/torch/torch_library.h"

namespace ringfort {
namespace {

namespace md = defenses::model_to_data;
using Sequences = std::vector<std::vector<engines::Token>>;

Result<Sequences> ReadSequences(const std::string& path, const engines::Checkpoint& checkpoint) {
  TRY(set, datasets::ReadTextSet(path));
  Sequences sequences;
  for (const datasets::TextSample& sample : set.samples) {
    TRY(tokens, checkpoint.vocabulary.Tokenize(sample.text));
    if (checkpoint.vocabulary.begin()) tokens.insert(tokens.begin(), *checkpoint.vocabulary.begin());
    if (tokens.size() > checkpoint.shape.context) tokens.resize(checkpoint.shape.context);
    if (tokens.size() >= 2) sequences.push_back(std::move(tokens));
  }
  if (sequences.empty())
    return Error{Fault::kInvalidInput, fmt::format("{}: no text of two tokens or more", Printable(path, 500))};
  return sequences;
}

Result<engines::Checkpoint> ReadModel(const std::string& path) {
  TRY(file, MappedFile::Open(path));
  auto checkpoint = engines::ReadGgufCheckpoint(file.bytes());
  if (!checkpoint.ok())
    return Error{checkpoint.error().fault, fmt::format("{}: {}", Printable(path, 500), checkpoint.error().what)};
  return checkpoint;
}

}  // namespace

Result<UnlearnResult> UnlearnTexts(const UnlearnRequest& request) {
  const bool ascent = request.method == "gradient_ascent";
  if (!ascent && request.method != "task_vector")
    return Error{Fault::kInvalidInput,
                 fmt::format("no method {}; there are gradient_ascent and task_vector", Printable(request.method, 80))};
  TRY(checkpoint, ReadModel(request.model));
  TRY(forget, ReadSequences(request.forget, checkpoint));
  TRY(retain, ReadSequences(request.retain, checkpoint));
  TRY(network, engines::LoadTorchNetwork(checkpoint, {.threads = request.threads}));
  md::GradientAscentRule upward{.steps = request.steps, .target = request.target};
  md::TaskVectorRule away{.epochs = request.epochs, .scale = request.scale};
  if (request.learning_rate > 0) upward.learning_rate = away.learning_rate = request.learning_rate;
  TRY(report, ascent ? md::UnlearnByAscent(*network, forget, retain, upward)
                     : md::UnlearnByTaskVector(*network, forget, retain, away));
  TRY(weights, network->Weights());
  checkpoint.tensors = std::move(weights);
  TRY(bytes, engines::WriteGgufCheckpoint(checkpoint));
  TRY_STATUS(WriteFileAtomically(request.output, bytes));
  return UnlearnResult{request.output, request.method, report};
}

std::string WriteUnlearnTable(const UnlearnResult& result) {
  const md::UnlearningReport& report = result.report;
  return fmt::format(
      "{:<16}  {:>11}  {:>11}\n{:<16}  {:>11.3f}  {:>11.3f}\n{:<16}  {:>11.3f}  {:>11.3f}\n"
      "{} steps of {}; written to {}\n"
      "A loss says little of what an attacker sees: run a campaign on both models.\n",
      "loss a token", "before", "after", "texts to forget", report.forget_before, report.forget_after,
      "texts to retain", report.retain_before, report.retain_after, report.steps, result.method, result.output);
}

std::string WriteUnlearnJson(const UnlearnResult& result) {
  const md::UnlearningReport& report = result.report;
  return Json{{"schema", "ringfort.unlearning/1"},
              {"output", result.output},
              {"method", result.method},
              {"steps", report.steps},
              {"forget", {{"loss_before", report.forget_before}, {"loss_after", report.forget_after}}},
              {"retain", {{"loss_before", report.retain_before}, {"loss_after", report.retain_after}}}}
             .dump(1) +
         "\n";
}

}  // namespace ringfort
