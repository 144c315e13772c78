#include "defenses/data_to_model/booster.h"

#include <array>
#include <cmath>
#include <utility>

#include "defenses/data_to_model/text_batches_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::WeightGradients;

constexpr std::array<SettingCard, 5> kSettings = {{
    {"steps", 100, 1, 1'000'000, "of alignment"},
    {"batch", 16, 1, 4'096, "texts of each kind a step"},
    {"learning_rate", 5e-4, 1e-7, 1, "of AdamW"},
    {"weight", 5, 0, 1'000'000, "lambda, of the drop by a harmful step"},
    {"step", 0.1, 1e-9, 1'000'000, "alpha, the length of that step"},
}};

constexpr DefenseCard kCard = {
    .name = "booster",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Align so that a step of harmful tuning lowers the harmful loss less",
    .mitigation = "mitigation.alignment_stage_immunization",
    .reference = "arXiv:2409.01586",
    .settings = kSettings,
};

double NormOf(const WeightGradients& gradients) {
  double squares = 0;
  for (const auto& [name, tensor] : gradients.gradients)
    for (const float value : tensor.values) squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares);
}

}  // namespace

Result<WeightGradients> BoosterGradient(const WeightGradients& alignment, const WeightGradients& harmful,
                                        const WeightGradients& moved, double weight) {
  WeightGradients mixed = alignment;
  if (harmful.gradients.size() != mixed.gradients.size() || moved.gradients.size() != mixed.gradients.size())
    return Error{Fault::kInvalidInput, "gradients of other tensors cannot be mixed"};
  for (auto& [name, tensor] : mixed.gradients) {
    const auto here = harmful.gradients.find(name), there = moved.gradients.find(name);
    if (here == harmful.gradients.end() || there == moved.gradients.end() ||
        here->second.values.size() != tensor.values.size() || there->second.values.size() != tensor.values.size())
      return Error{Fault::kInvalidInput, "the gradients of " + name + " are not alike"};
    for (std::size_t i = 0; i < tensor.values.size(); ++i)
      tensor.values[i] += static_cast<float>(weight) * (here->second.values[i] - there->second.values[i]);
  }
  return mixed;
}

Result<BoosterReport> AlignWithBooster(engines::Network& network, std::span<const engines::TrainingText> alignment,
                                       std::span<const engines::TrainingText> harmful, const BoosterRule& rule) {
  if (alignment.empty() || harmful.empty())
    return Error{Fault::kInvalidInput, "Booster needs alignment data and harmful answers to ward off"};
  if (rule.steps == 0 || rule.batch == 0 || !(rule.learning_rate > 0) || !(rule.weight >= 0) || !(rule.step > 0))
    return Error{Fault::kInvalidInput, "Booster needs steps, a batch, a learning rate, a weight and a step's length"};
  TextBatches alignment_batches(alignment, rule.batch, rule.seed), harmful_batches(harmful, rule.batch, rule.seed + 1);
  BoosterReport report;
  for (std::uint32_t step = 0; step < rule.steps; ++step) {
    const std::vector<engines::TrainingText> good = alignment_batches.Next(), bad = harmful_batches.Next();
    TRY(alignment_gradient, network.GradientOfWeights(good, {}));
    TRY(harmful_gradient, network.GradientOfWeights(bad, {}));
    WeightGradients way = harmful_gradient;
    const double norm = NormOf(way);
    for (auto& [name, tensor] : way.gradients)
      for (float& value : tensor.values) value *= static_cast<float>(-rule.step / (norm > 0 ? norm : 1));
    TRY(moved_gradient, network.GradientOfWeights(bad, way));
    TRY(mixed, BoosterGradient(alignment_gradient, harmful_gradient, moved_gradient, rule.weight));
    TRY_STATUS(network.StepAlong(mixed, {.learning_rate = rule.learning_rate}));
    report = {alignment_gradient.loss, harmful_gradient.loss, harmful_gradient.loss - moved_gradient.loss};
  }
  return report;
}

DefenseEntry Booster() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
