#include "defenses/model_to_model/rounded_answers.h"

#include <cmath>

#include "defenses/changed_numbers.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"decimals", 1, 0, 12, "digits behind the point that are left"}};

constexpr DefenseCard kCard{
    .name = "rounded_answers",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Round every number that the model tells",
    .mitigation = "mitigation.output_limits",
    .reference = "arXiv:1609.02943",
    .settings = kSettings,
};

}  // namespace

double Rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  const double scaled = value * scale;
  return std::isfinite(scaled) ? std::round(scaled) / scale : value;
}

DefenseEntry RoundedAnswers() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            const int decimals = static_cast<int>(settings["decimals"]);
            return std::make_unique<ChangedNumbers>(
                inner, 0, [decimals](double value, std::uint64_t) { return Rounded(value, decimals); });
          }};
}

}  // namespace ringfort::defenses::model_to_model
