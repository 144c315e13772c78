#include "defenses/model_to_model/noisy_answers.h"

#include <cmath>
#include <numbers>

#include "base/random.h"
#include "defenses/changed_numbers.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"deviation", 0.1, 0, 100, "standard deviation of the noise in nats"}};

constexpr DefenseCard kCard{
    .name = "noisy_answers",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Add noise to every number that the model tells",
    .mitigation = "mitigation.confidence_masking",
    .reference = "arXiv:2403.06634",
    .settings = kSettings,
};

}  // namespace

double NormalOf(std::uint64_t key) {
  Random random(key);
  const double radius = std::sqrt(-2 * std::log(1 - random.Uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.Uniform());
}

DefenseEntry NoisyAnswers() {
  return {
      kCard,
      [](engines::Model& inner, const Settings& settings, const Material& material) -> std::unique_ptr<engines::Model> {
        const double deviation = settings["deviation"];
        return std::make_unique<ChangedNumbers>(inner, material.seed, [deviation](double value, std::uint64_t key) {
          return value + deviation * NormalOf(key);
        });
      }};
}

}  // namespace ringfort::defenses::model_to_model
