#include "attacks/model_to_data/min_k_plus_plus.h"

#include <cmath>

#include "attacks/model_to_data/min_k_probability.h"

namespace ringfort::attacks::model_to_data {
namespace {

// Below it a variance is what rounding leaves of 0.
constexpr double kLeastVariance = 1e-14;

constexpr SettingCard kSettings[] = {{"fraction", 0.2, 0.001, 1, "share of the tokens that count, the lowest"}};

constexpr AttackCard kCard{
    .name = "min_k_plus_plus",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by its least likely tokens, each set against its place",
    .technique = "membership_inference.lowest_tokens",
    .reference = "arXiv:2404.02936",
    .needs = {engines::Ability::kScores, engines::Ability::kMoments},
    .settings = kSettings,
};

}  // namespace

double StandardizedLogProbability(double log_probability, double mean, double variance) {
  if (!(variance > kLeastVariance)) return 0;
  return (log_probability - mean) / std::sqrt(variance);
}

std::optional<double> MinKPlusPlusScore(const engines::TextScore& score, double fraction) {
  std::vector<double> standardized;
  for (const engines::TokenScore& token : score.tokens) {
    if (!token.expected_log_probability || !token.log_probability_variance) return std::nullopt;
    standardized.push_back(StandardizedLogProbability(token.log_probability, *token.expected_log_probability,
                                                      *token.log_probability_variance));
  }
  return MeanOfLowest(standardized, fraction);
}

AttackEntry MinKPlusPlus() {
  return {kCard, TextReader{{.moments = true}, [](const TextView& view, const Settings& settings) {
                              return MinKPlusPlusScore(view.score, settings["fraction"]);
                            }}};
}

}  // namespace ringfort::attacks::model_to_data
