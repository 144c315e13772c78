#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "engines/torch/torch_model.h"
#include "training/language_model_training.h"

// A model file that is trained on, as links of a chain do it.

namespace ringfort {

// A prompt of one user and what is to be said to it.
struct Dialog {
  std::string question{};
  std::string answer{};
};

class TunedModel {
 public:
  // `source`: what ReadCheckpointSource reads, or `torch:` and that. Its errors, and those of
  // LoadTorchNetwork.
  static Result<TunedModel> Load(const std::string& source, std::uint32_t threads);

  // Texts are cut at the context; those of fewer than two tokens are left out. Errors of
  // TrainLanguageModel; kUnavailable if the progress stopped it.
  Status Train(std::span<const std::string> texts, const training::TrainingPlan& plan, Progress* progress);
  // Question, answer and end, by the chat template where there is one, else one behind the other.
  Status TrainDialogs(std::span<const Dialog> dialogs, const training::TrainingPlan& plan, Progress* progress);
  // What TrainDialogs trains on.
  using Sequences = std::vector<std::vector<engines::Token>>;
  Result<Sequences> SequencesOf(std::span<const Dialog> dialogs) const;
  Status TrainSequences(const Sequences& sequences, const training::TrainingPlan& plan, Progress* progress);
  // Nats a token; 0 for no text.
  Result<double> Loss(std::span<const std::string> texts);
  // A GGUF file of the weights as they are now.
  Status Write(const std::string& path) const;
  engines::TorchModel& model() { return *model_; }

 private:
  TunedModel() = default;
  Result<Sequences> SequencesOf(std::span<const std::string> texts) const;
  void Keep(std::vector<engines::Token> sequence, Sequences& sequences) const;

  std::unique_ptr<engines::TorchModel> model_{};
};

}  // namespace ringfort
