#include <utility>

#include "application/checkpoint_source.h"
#include "application/tuned_model_internal.h"
#include "base/file.h"
#include "engines/checkpoint/gguf_checkpoint.h"

namespace ringfort {

Result<TunedModel> TunedModel::Load(const std::string& source, std::uint32_t threads) {
  TRY(checkpoint, ReadCheckpointSource(source.starts_with("torch:") ? source.substr(6) : source));
  TRY(model, engines::TorchModel::Make(std::move(checkpoint), "", {.threads = threads == 0 ? 1 : threads}));
  TunedModel tuned;
  tuned.model_ = std::move(model);
  return tuned;
}

void TunedModel::Keep(std::vector<engines::Token> sequence, Sequences& sequences) const {
  if (sequence.size() > model_->Facts().context) sequence.resize(model_->Facts().context);
  if (sequence.size() >= 2) sequences.push_back(std::move(sequence));
}

Result<TunedModel::Sequences> TunedModel::SequencesOf(std::span<const std::string> texts) const {
  Sequences sequences;
  for (const std::string& text : texts) {
    TRY(sequence, model_->Sequence(text));
    Keep(std::move(sequence), sequences);
  }
  return sequences;
}

Status TunedModel::TrainSequences(const Sequences& sequences, const training::TrainingPlan& plan, Progress* progress) {
  TRY(report, training::TrainLanguageModel(model_->network(), sequences, {}, plan, progress));
  if (report.stopped) return Error{Fault::kUnavailable, "the training was stopped"};
  return Done{};
}

Status TunedModel::Train(std::span<const std::string> texts, const training::TrainingPlan& plan, Progress* progress) {
  TRY(sequences, SequencesOf(texts));
  return TrainSequences(sequences, plan, progress);
}

Result<TunedModel::Sequences> TunedModel::SequencesOf(std::span<const Dialog> dialogs) const {
  Sequences sequences;
  const bool chats = model_->Gives().Has(engines::Ability::kChat);
  for (const Dialog& dialog : dialogs) {
    const std::vector<engines::ChatMessage> messages = {{.role = "user", .content = dialog.question}};
    TRY(sequence, chats ? model_->ChatSequence(messages) : model_->Sequence(dialog.question));
    TRY(answer, model_->vocabulary().Tokenize(dialog.answer));
    sequence.insert(sequence.end(), answer.begin(), answer.end());
    if (model_->vocabulary().end()) sequence.push_back(*model_->vocabulary().end());
    Keep(std::move(sequence), sequences);
  }
  return sequences;
}

Status TunedModel::TrainDialogs(std::span<const Dialog> dialogs, const training::TrainingPlan& plan,
                                Progress* progress) {
  TRY(sequences, SequencesOf(dialogs));
  return TrainSequences(sequences, plan, progress);
}

Result<double> TunedModel::Loss(std::span<const std::string> texts) {
  TRY(sequences, SequencesOf(texts));
  return engines::MeanLoss(model_->network(), sequences);
}

Status TunedModel::Write(const std::string& path) const {
  TRY(checkpoint, model_->Now());
  TRY(bytes, engines::WriteGgufCheckpoint(checkpoint));
  return WriteFileAtomically(path, bytes);
}

}  // namespace ringfort
