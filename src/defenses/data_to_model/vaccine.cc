#include "defenses/data_to_model/vaccine.h"

#include <array>

#include "defenses/data_to_model/text_batches_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

constexpr std::array<SettingCard, 4> kSettings = {{
    {"steps", 100, 1, 1'000'000, "of alignment"},
    {"batch", 16, 1, 4'096, "texts a step"},
    {"learning_rate", 5e-4, 1e-7, 1, "of AdamW"},
    {"perturbation", 2, 0, 1'000'000, "rho, the length of all shifts together"},
}};

constexpr DefenseCard kCard = {
    .name = "vaccine",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Align under shifts of the hidden embeddings that hurt most",
    .mitigation = "mitigation.alignment_stage_immunization",
    .reference = "arXiv:2402.01109",
    .settings = kSettings,
};

}  // namespace

Result<double> AlignWithVaccine(engines::Network& network, std::span<const engines::TrainingText> alignment,
                                const VaccineRule& rule) {
  if (alignment.empty()) return Error{Fault::kInvalidInput, "Vaccine needs alignment data"};
  if (rule.steps == 0 || rule.batch == 0 || !(rule.learning_rate > 0) || !(rule.perturbation >= 0))
    return Error{Fault::kInvalidInput, "Vaccine needs steps, a batch, a learning rate and a length of its shifts"};
  TextBatches batches(alignment, rule.batch, rule.seed);
  double loss = 0;
  for (std::uint32_t step = 0; step < rule.steps; ++step) {
    const std::vector<engines::TrainingText> batch = batches.Next();
    TRY(report, network.Train(batch, {.learning_rate = rule.learning_rate, .perturbation = rule.perturbation}));
    loss = report.loss;
  }
  return loss;
}

DefenseEntry Vaccine() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
