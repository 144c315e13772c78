#include "defenses/data_to_model/lisa.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "defenses/data_to_model/text_batches_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::TrainingText;
using Weights = std::map<std::string, engines::WeightTensor>;

constexpr std::array<SettingCard, 6> kSettings = {{
    {"rounds", 10, 1, 100'000, "of both states"},
    {"alignment_steps", 2, 1, 100'000, "of a round"},
    {"task_steps", 18, 1, 100'000, "of a round"},
    {"batch", 16, 1, 4'096, "texts a step"},
    {"learning_rate", 1e-3, 1e-7, 1, "of AdamW"},
    {"pull", 1, 0, 1'000, "rho, towards where the other state ended"},
}};

constexpr DefenseCard kCard = {
    .name = "lisa",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Tune on a customer's data and on alignment data in turn, each drawn towards the other",
    .mitigation = "mitigation.fine_tuning_stage_alignment",
    .reference = "arXiv:2405.18641",
    .settings = kSettings,
};

Status Check(std::span<const TrainingText> alignment, std::span<const TrainingText> task, const LisaRule& rule) {
  if (alignment.empty()) return Error{Fault::kInvalidInput, "Lisa needs alignment data"};
  if (task.empty()) return Error{Fault::kInvalidInput, "there is nothing to tune on"};
  if (rule.rounds == 0 || rule.alignment_steps == 0 || rule.task_steps == 0 || rule.batch == 0)
    return Error{Fault::kInvalidInput, "Lisa needs rounds, steps of both states and a batch"};
  if (!(rule.learning_rate > 0 && rule.learning_rate < 1) || !(rule.pull >= 0) || rule.learning_rate * rule.pull >= 1)
    return Error{Fault::kInvalidInput, fmt::format("a learning rate of {} and a pull of {} do not go together",
                                                   rule.learning_rate, rule.pull)};
  return Done{};
}

}  // namespace

Result<Weights> PartOfTheWay(const Weights& from, const Weights& to, double kept) {
  if (from.size() != to.size()) return Error{Fault::kInvalidInput, "other tensors here and there"};
  Weights between = from;
  for (auto& [name, tensor] : between) {
    const auto there = to.find(name);
    if (there == to.end() || there->second.shape != tensor.shape || there->second.values.size() != tensor.values.size())
      return Error{Fault::kInvalidInput, "the tensor " + name + " is another one there"};
    for (std::size_t i = 0; i < tensor.values.size(); ++i)
      tensor.values[i] += static_cast<float>(kept) * (there->second.values[i] - tensor.values[i]);
  }
  return between;
}

Result<LisaReport> TuneWithLisa(engines::Network& network, std::span<const TrainingText> alignment,
                                std::span<const TrainingText> task, const LisaRule& rule) {
  if (const Status status = Check(alignment, task, rule); !status.ok()) return status.error();
  TextBatches alignment_batches(alignment, rule.batch, rule.seed), task_batches(task, rule.batch, rule.seed + 1);
  LisaReport report;
  report.kept_alignment = std::pow(1 - rule.learning_rate * rule.pull, rule.alignment_steps);
  report.kept_task = std::pow(1 - rule.learning_rate * rule.pull, rule.task_steps);
  TRY(ended, network.Weights());  // where the other state ended
  for (std::uint32_t round = 0; round < rule.rounds; ++round)
    for (const bool aligning : {true, false}) {
      for (std::uint32_t step = 0; step < (aligning ? rule.alignment_steps : rule.task_steps); ++step) {
        const std::vector<TrainingText> batch = aligning ? alignment_batches.Next() : task_batches.Next();
        TRY_STATUS(network.Train(batch, {.learning_rate = rule.learning_rate}));
        ++report.steps;
      }
      TRY(moved, network.Weights());
      TRY(drawn, PartOfTheWay(ended, moved, aligning ? report.kept_alignment : report.kept_task));
      // Without a pull the optimizer need not forget.
      if (rule.pull > 0) TRY_STATUS(network.SetWeights(drawn));
      ended = std::move(drawn);
    }
  return report;
}

DefenseEntry Lisa() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
