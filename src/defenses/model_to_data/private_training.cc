#include "defenses/model_to_data/private_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "defenses/dp_accountant.h"

namespace ringfort::defenses::model_to_data {
namespace {

constexpr std::array<SettingCard, 3> kSettings = {{
    {"epsilon", 8, 1e-3, 1e6, "privacy budget over all steps"},
    {"delta", 1e-5, 1e-12, 0.5, "probability with which the bound may fail"},
    {"clip", 1, 1e-6, 1e6, "norm that a text's gradient is cut to"},
}};

constexpr DefenseCard kCard = {
    .name = "private_training",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Train so that no single text shows in the model by more than epsilon allows",
    .mitigation = "mitigation.private_training",
    .reference = "arXiv:1607.00133",
    .settings = kSettings,
};

}  // namespace

Result<PrivatePlan> PlanPrivateTraining(std::uint64_t texts, std::uint64_t batch, std::uint64_t epochs, double epsilon,
                                        double delta) {
  if (texts == 0 || batch == 0 || epochs == 0 || !(epsilon > 0) || !(delta > 0 && delta < 1))
    return Error{Fault::kInvalidInput,
                 fmt::format("{} texts, {} a step, {} epochs, epsilon {} and delta {} are no plan of "
                             "private training",
                             texts, batch, epochs, epsilon, delta)};
  PrivatePlan plan;
  plan.rate = std::min(1.0, static_cast<double>(batch) / static_cast<double>(texts));
  plan.steps = (texts + batch - 1) / batch * epochs;
  TRY(noise, NoiseFor(plan.rate, static_cast<double>(plan.steps), epsilon, delta));
  plan.noise = noise;
  return plan;
}

double MostAdvantage(double epsilon, double delta) {
  const double ratio = std::tanh(epsilon / 2);  // (e^eps - 1) / (e^eps + 1), without overflow
  return std::min(1.0, ratio + (1 - ratio) * delta);
}

DefenseEntry PrivateTraining() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::model_to_data
