#include "defenses/model_to_data/weight_decay.h"

namespace ringfort::defenses::model_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"decay", 0.1, 0, 1000, "of each weight, a step, times the learning rate"}};

constexpr DefenseCard kCard = {
    .name = "weight_decay",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Let fade in training what no other text keeps asking for",
    .mitigation = "mitigation.restrained_training",
    .reference = "arXiv:1711.05101",
    .settings = kSettings,
};

}  // namespace

double ShareLeft(std::span<const double> rates, double decay) {
  double share = 1;
  for (const double rate : rates) share *= 1 - rate * decay;
  return share;
}

DefenseEntry WeightDecay() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::model_to_data
