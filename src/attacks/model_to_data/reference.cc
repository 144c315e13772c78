#include "attacks/model_to_data/reference.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "reference",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by comparing with a model that never saw it",
    .technique = "membership_inference.reference",
    .reference = "arXiv:2012.07805",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::optional<double> ReferenceScore(const engines::TextScore& target, const engines::TextScore& reference) {
  if (target.tokens.empty() || reference.tokens.empty()) return std::nullopt;
  return target.Mean() - reference.Mean();
}

AttackEntry Reference() {
  return {kCard, TextReader{{.reference = true}, [](const TextView& view, const Settings&) -> std::optional<double> {
                              if (!view.reference) return std::nullopt;
                              return ReferenceScore(view.score, *view.reference);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
