#include "attacks/model_to_data/neighborhood.h"

#include "statistics/quantile.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "neighborhood",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by comparing with texts that differ in a word",
    .technique = "membership_inference.reference",
    .reference = "arXiv:2305.18462",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::optional<double> NeighborhoodScore(const engines::TextScore& score, std::span<const double> neighbors) {
  if (score.tokens.empty() || neighbors.empty()) return std::nullopt;
  return score.Mean() - statistics::Mean(neighbors);
}

AttackEntry Neighborhood() {
  return {kCard, TextReader{{.neighbors = true}, [](const TextView& view, const Settings&) {
                              return NeighborhoodScore(view.score, view.neighbors);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
