#include "defenses/model_to_data/task_vector.h"

#include <algorithm>
#include <array>

namespace ringfort::defenses::model_to_data {
namespace {

using engines::WeightTensor;
using Weights = std::map<std::string, WeightTensor>;

constexpr std::array<SettingCard, 4> kSettings = {{
    {"epochs", 3, 1, 1'000, "over the texts to forget"},
    {"batch", 16, 1, 4'096, "texts a step"},
    {"learning_rate", 1e-3, 1e-7, 1, "of AdamW"},
    {"scale", 1, 0, 100, "how far to go the other way"},
}};

constexpr DefenseCard kCard = {
    .name = "task_vector",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Make a model forget texts by going against what learning them would change",
    .mitigation = "mitigation.unlearning",
    .reference = "arXiv:2212.04089",
    .settings = kSettings,
};

}  // namespace

Result<Weights> Negate(const Weights& before, const Weights& after, double scale) {
  if (before.size() != after.size()) return Error{Fault::kInvalidInput, "other tensors before and after"};
  Weights made = before;
  for (auto& [name, tensor] : made) {
    const auto learned = after.find(name);
    if (learned == after.end() || learned->second.shape != tensor.shape ||
        learned->second.values.size() != tensor.values.size())
      return Error{Fault::kInvalidInput, "the tensor " + name + " is another one before and after"};
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const double start = tensor.values[i];
      tensor.values[i] = static_cast<float>(start - scale * (static_cast<double>(learned->second.values[i]) - start));
    }
  }
  return made;
}

Result<UnlearningReport> UnlearnByTaskVector(engines::Network& network,
                                             std::span<const std::vector<engines::Token>> forget,
                                             std::span<const std::vector<engines::Token>> retain,
                                             const TaskVectorRule& rule) {
  if (forget.empty()) return Error{Fault::kInvalidInput, "unlearning needs texts to forget"};
  if (rule.epochs == 0 || rule.batch == 0 || !(rule.learning_rate > 0) || !(rule.scale >= 0))
    return Error{Fault::kInvalidInput, "unlearning needs epochs, a batch and a learning rate above zero"};
  UnlearningReport report;
  TRY(forget_before, engines::MeanLoss(network, forget));
  TRY(retain_before, engines::MeanLoss(network, retain));
  TRY(before, network.Weights());
  for (std::uint32_t epoch = 0; epoch < rule.epochs; ++epoch)
    for (std::size_t begin = 0; begin < forget.size(); begin += rule.batch) {
      std::vector<engines::TrainingText> batch;
      for (std::size_t i = begin; i < std::min<std::size_t>(forget.size(), begin + rule.batch); ++i)
        batch.push_back({.tokens = forget[i]});
      TRY_STATUS(network.Train(batch, {.learning_rate = rule.learning_rate}));
      ++report.steps;
    }
  TRY(after, network.Weights());
  TRY(moved, Negate(before, after, rule.scale));
  TRY_STATUS(network.SetWeights(moved));
  TRY(forget_after, engines::MeanLoss(network, forget));
  TRY(retain_after, engines::MeanLoss(network, retain));
  report.forget_before = forget_before, report.forget_after = forget_after;
  report.retain_before = retain_before, report.retain_after = retain_after;
  return report;
}

DefenseEntry TaskVector() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::model_to_data
