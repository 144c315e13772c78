#include "attacks/model_to_data/lowercase.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "lowercase",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by what lower case takes from its likelihood",
    .technique = "membership_inference.reference",
    .reference = "arXiv:2012.07805",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::optional<double> LowercaseScore(const engines::TextScore& score, const engines::TextScore& lowercase) {
  if (score.tokens.empty() || lowercase.tokens.empty() || score.Mean() == 0) return std::nullopt;
  return lowercase.Mean() / score.Mean();
}

AttackEntry Lowercase() {
  return {kCard, TextReader{{.lowercase = true}, [](const TextView& view, const Settings&) -> std::optional<double> {
                              if (!view.lowercase) return std::nullopt;
                              return LowercaseScore(view.score, *view.lowercase);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
