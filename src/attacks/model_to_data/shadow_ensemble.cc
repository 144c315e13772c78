#include "attacks/model_to_data/shadow_ensemble.h"

#include <cmath>

#include "attacks/cross_fit.h"
#include "attacks/model_to_data/loss.h"
#include "attacks/model_to_data/lowercase.h"
#include "attacks/model_to_data/min_k_plus_plus.h"
#include "attacks/model_to_data/min_k_probability.h"
#include "attacks/model_to_data/neighborhood.h"
#include "attacks/model_to_data/recall.h"
#include "attacks/model_to_data/reference.h"
#include "attacks/model_to_data/zlib_ratio.h"
#include "statistics/logistic_regression.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr double kFraction = 0.2;

constexpr SettingCard kSettings[] = {{"folds", 5, 2, 100, "parts of the texts, each scored by a fit on the others"},
                                     {"strength", 1, 1e-6, 1e6, "how closely the regression fits"},
                                     {"seed", 1, 0, 9007199254740992, "of the parts"}};

constexpr AttackCard kCard{
    .name = "shadow_ensemble",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by all scores together, weighed on models of known data",
    .technique = "membership_inference.shadow_models",
    .reference = "arXiv:1610.05820",
    .needs = {engines::Ability::kScores},
    .settings = kSettings,
};

// Mean and spread of each score over what is learned from.
struct Scale {
  std::array<double, kEnsembleScores> mean{};
  std::array<double, kEnsembleScores> spread{};

  explicit Scale(std::span<const EnsembleScores* const> learned) {
    for (std::size_t f = 0; f < kEnsembleScores; ++f) {
      double count = 0, squares = 0;
      for (const EnsembleScores* scores : learned)
        if (const auto& score = (*scores)[f]) {
          const double before = *score - mean[f];
          mean[f] += before / ++count;
          squares += before * (*score - mean[f]);
        }
      spread[f] = count > 1 ? std::sqrt(squares / (count - 1)) : 0;
    }
  }

  statistics::SparseRow Row(const EnsembleScores& scores) const {
    statistics::SparseRow row;
    for (std::size_t f = 0; f < kEnsembleScores; ++f)
      if (scores[f] && spread[f] > 0)
        row.emplace_back(static_cast<std::uint32_t>(f), (*scores[f] - mean[f]) / spread[f]);
    return row;
  }
};

}  // namespace

EnsembleScores ScoresForEnsemble(const TextView& view) {
  EnsembleScores scores = {LossScore(view.score), ZlibRatioScore(view.score, view.text),
                           MinKProbabilityScore(view.score, kFraction), MinKPlusPlusScore(view.score, kFraction)};
  if (view.lowercase) scores[4] = LowercaseScore(view.score, *view.lowercase);
  if (view.reference) scores[5] = ReferenceScore(view.score, *view.reference);
  if (view.conditioned) scores[6] = RecallScore(view.score, *view.conditioned);
  scores[7] = NeighborhoodScore(view.score, view.neighbors);
  for (std::optional<double>& score : scores)
    if (score && !std::isfinite(*score)) score.reset();
  return scores;
}

Result<std::vector<double>> EnsembleLogOdds(std::span<const LabeledView> target, std::span<const LabeledView> shadows,
                                            std::uint32_t folds, double strength, std::uint64_t seed) {
  if (shadows.empty())
    return Error{Fault::kInvalidInput, "the ensemble learns from shadow models, but no text seen by one is given"};
  std::vector<std::string_view> texts;
  std::vector<std::uint8_t> labels;
  std::vector<EnsembleScores> scores;
  for (const auto set : {shadows, target})
    for (const LabeledView& labeled : set) {
      texts.push_back(labeled.view.text);
      // The target's own labels are what is asked for: they may not even steer the folds.
      labels.push_back(texts.size() <= shadows.size() && labeled.member);
      scores.push_back(ScoresForEnsemble(labeled.view));
    }
  const std::vector<std::uint32_t> fold_of = FoldOfTexts(texts, labels, folds, seed);
  std::vector<double> log_odds(target.size(), 0);
  for (std::uint32_t fold = 0; fold < folds; ++fold) {
    std::vector<const EnsembleScores*> learned;
    std::vector<std::uint8_t> members;
    for (std::size_t i = 0; i < shadows.size(); ++i) {
      if (fold_of[i] == fold) continue;
      learned.push_back(&scores[i]);
      members.push_back(labels[i]);
    }
    const Scale scale(learned);
    std::vector<statistics::SparseRow> rows;
    for (const EnsembleScores* one : learned) rows.push_back(scale.Row(*one));
    TRY(model, statistics::FitLogistic(rows, members, kEnsembleScores, {.strength = strength}));
    for (std::size_t i = 0; i < target.size(); ++i)
      if (fold_of[shadows.size() + i] == fold) log_odds[i] = model.LogOdds(scale.Row(scores[shadows.size() + i]));
  }
  return log_odds;
}

AttackEntry ShadowEnsemble() {
  return {kCard, SetReader{{.lowercase = true},
                           true,
                           [](std::span<const LabeledView> target, std::span<const LabeledView> shadows,
                              const Settings& settings) {
                             return EnsembleLogOdds(target, shadows, static_cast<std::uint32_t>(settings["folds"]),
                                                    settings["strength"], static_cast<std::uint64_t>(settings["seed"]));
                           }}};
}

}  // namespace ringfort::attacks::model_to_data
