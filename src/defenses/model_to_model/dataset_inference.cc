#include "defenses/model_to_model/dataset_inference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/random.h"
#include "statistics/logistic_regression.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr double kMostDeviations = 3;
constexpr std::size_t kFewestTexts = 4;  // of a set: two in each half

constexpr SettingCard kSettings[] = {{"strength", 1, 1e-6, 1e6, "how closely the weights fit"},
                                     {"permutations", 9999, 1, 1e6, "dealings of the tested scores"},
                                     {"seed", 1, 0, 9007199254740992, "of the halves"}};

constexpr DefenseCard kCard{
    .name = "dataset_inference",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Tell from a suspect's answers whether it was trained on one's texts",
    .mitigation = "mitigation.ownership_mark",
    .reference = "arXiv:2406.06443",
    .settings = kSettings,
};

// Mean and spread of each score over the learned half.
class Scale {
 public:
  Scale(std::span<const MembershipScores* const> learned, std::size_t scores) : means_(scores), spreads_(scores) {
    for (std::size_t i = 0; i < scores; ++i) {
      double count = 0, squares = 0;
      for (const MembershipScores* text : learned) {
        if (!Known((*text)[i])) continue;
        const double before = *(*text)[i] - means_[i];
        means_[i] += before / ++count;
        squares += before * (*(*text)[i] - means_[i]);
      }
      spreads_[i] = count > 1 ? std::sqrt(squares / (count - 1)) : 0;
    }
  }

  bool SaysNothing() const {
    return std::ranges::none_of(spreads_, [](double spread) { return spread > 0; });
  }

  statistics::SparseRow Row(const MembershipScores& text) const {
    statistics::SparseRow row;
    for (std::size_t i = 0; i < text.size(); ++i)
      if (Known(text[i]) && spreads_[i] > 0)
        row.emplace_back(static_cast<std::uint32_t>(i),
                         std::clamp((*text[i] - means_[i]) / spreads_[i], -kMostDeviations, kMostDeviations));
    return row;
  }

 private:
  static bool Known(const std::optional<double>& score) { return score && std::isfinite(*score); }

  std::vector<double> means_, spreads_;
};

std::vector<std::uint8_t> LearnedHalf(std::size_t texts, std::uint64_t seed) {
  std::vector<std::uint8_t> learned(texts, 0);
  std::fill_n(learned.begin(), texts / 2, std::uint8_t{1});
  Random random(seed);
  for (std::size_t i = 0; i + 1 < texts; ++i) std::swap(learned[i], learned[i + random.Below(texts - i)]);
  return learned;
}

}  // namespace

Dealing DealTexts(std::size_t mine, std::size_t others, std::uint64_t seed) {
  return {LearnedHalf(mine, 2 * seed), LearnedHalf(others, 2 * seed + 1)};
}

Result<Inference> InferDataset(std::span<const MembershipScores> mine, std::span<const MembershipScores> others,
                               const InferenceRule& rule) {
  if (mine.size() < kFewestTexts || others.size() < kFewestTexts)
    return Error{Fault::kInvalidInput, "dataset inference needs four texts or more in each set"};
  const std::size_t scores = mine.front().size();
  const auto odd = [&](const MembershipScores& text) { return text.size() != scores; };
  if (scores == 0 || std::ranges::any_of(mine, odd) || std::ranges::any_of(others, odd))
    return Error{Fault::kInvalidInput, "dataset inference needs the same scores of every text, at least one"};
  const Dealing dealing = DealTexts(mine.size(), others.size(), rule.seed);
  std::vector<const MembershipScores*> learned, tested_mine, tested_others;
  std::vector<std::uint8_t> labels;
  const auto deal = [&](std::span<const MembershipScores> set, std::span<const std::uint8_t> half, bool member) {
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (half[i] != 0) labels.push_back(member ? 1 : 0);
      (half[i] != 0 ? learned : member ? tested_mine : tested_others).push_back(&set[i]);
    }
  };
  deal(mine, dealing.mine, true);
  deal(others, dealing.others, false);
  if (learned.size() < 2 * scores)
    return Error{Fault::kInvalidInput, std::to_string(learned.size()) + " texts to learn from are too few for " +
                                           std::to_string(scores) + " scores"};
  const Scale scale(learned, scores);
  if (scale.SaysNothing())
    return Error{Fault::kInvalidInput, "no score differs between the texts that are learned from"};
  std::vector<statistics::SparseRow> rows;
  for (const MembershipScores* text : learned) rows.push_back(scale.Row(*text));
  TRY(model, statistics::FitLogistic(rows, labels, static_cast<std::uint32_t>(scores), {.strength = rule.strength}));
  const auto weigh = [&](std::span<const MembershipScores* const> texts) {
    std::vector<double> weighed;
    for (const MembershipScores* text : texts) weighed.push_back(model.LogOdds(scale.Row(*text)));
    return weighed;
  };
  Inference inference{model.weights, tested_mine.size(), tested_others.size(), {}};
  TRY(test, statistics::CompareMeans(weigh(tested_mine), weigh(tested_others), rule.permutations, rule.seed));
  inference.test = test;
  return inference;
}

DefenseEntry DatasetInference() { return {kCard, OnSuspect{}}; }

}  // namespace ringfort::defenses::model_to_model
