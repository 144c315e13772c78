#include "attacks/model_to_data/recall.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "recall",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by what a strange prefix does to its likelihood",
    .technique = "membership_inference.prefix",
    .reference = "arXiv:2406.15968",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::optional<double> RecallScore(const engines::TextScore& score, const engines::TextScore& conditioned) {
  if (score.tokens.empty() || conditioned.tokens.empty() || score.Mean() == 0) return std::nullopt;
  return conditioned.Mean() / score.Mean();
}

AttackEntry Recall() {
  return {kCard, TextReader{{.conditioned = true}, [](const TextView& view, const Settings&) -> std::optional<double> {
                              if (!view.conditioned) return std::nullopt;
                              return RecallScore(view.score, *view.conditioned);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
