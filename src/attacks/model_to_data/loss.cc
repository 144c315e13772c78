#include "attacks/model_to_data/loss.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "loss",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by how likely the model finds it",
    .technique = "membership_inference.loss",
    .reference = "arXiv:1709.01604",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::optional<double> LossScore(const engines::TextScore& score) {
  if (score.tokens.empty()) return std::nullopt;
  return score.Mean();
}

AttackEntry Loss() {
  return {kCard, TextReader{{}, [](const TextView& view, const Settings&) { return LossScore(view.score); }}};
}

}  // namespace ringfort::attacks::model_to_data
