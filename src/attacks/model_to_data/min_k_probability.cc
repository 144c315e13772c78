#include "attacks/model_to_data/min_k_probability.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringfort::attacks::model_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"fraction", 0.2, 0.001, 1, "share of the tokens that count, the least likely"}};

constexpr AttackCard kCard{
    .name = "min_k_probability",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by its least likely tokens",
    .technique = "membership_inference.lowest_tokens",
    .reference = "arXiv:2310.16789",
    .needs = {engines::Ability::kScores},
    .settings = kSettings,
};

}  // namespace

std::optional<double> MeanOfLowest(std::span<const double> values, double fraction) {
  if (values.empty()) return std::nullopt;
  std::vector<double> lowest(values.begin(), values.end());
  const auto wanted = static_cast<std::size_t>(std::floor(fraction * static_cast<double>(lowest.size())));
  const auto end = lowest.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(wanted, 1, lowest.size()));
  std::partial_sort(lowest.begin(), end, lowest.end());
  return std::accumulate(lowest.begin(), end, 0.0) / static_cast<double>(end - lowest.begin());
}

std::optional<double> MinKProbabilityScore(const engines::TextScore& score, double fraction) {
  std::vector<double> log_probabilities;
  for (const engines::TokenScore& token : score.tokens) log_probabilities.push_back(token.log_probability);
  return MeanOfLowest(log_probabilities, fraction);
}

AttackEntry MinKProbability() {
  return {kCard, TextReader{{}, [](const TextView& view, const Settings& settings) {
                              return MinKProbabilityScore(view.score, settings["fraction"]);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
