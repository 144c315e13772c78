#include "defenses/model_to_data/early_stop.h"

namespace ringfort::defenses::model_to_data {
namespace {

constexpr SettingCard kSettings[] = {
    {"patience", 1, 0, 1e6, "epochs without a better held-out loss; 0: none is enough"}};

constexpr DefenseCard kCard = {
    .name = "early_stop",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "End training before it memorizes what held-out texts do not share",
    .mitigation = "mitigation.restrained_training",
    .reference = "arXiv:1709.01604",
    .settings = kSettings,
};

}  // namespace

bool EarlyStop::Tell(double held_out_loss) {
  const bool better = held_out_loss < least_;  // never if it is no number
  if (better) {
    best_ = told_;
    least_ = held_out_loss;
    worse_ = 0;
  } else {
    ++worse_;
  }
  ++told_;
  return better;
}

DefenseEntry EarlyStopping() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::model_to_data
