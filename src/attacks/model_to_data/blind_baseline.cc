#include "attacks/model_to_data/blind_baseline.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "attacks/cross_fit.h"
#include "base/text.h"
#include "statistics/logistic_regression.h"

namespace ringfort::attacks::model_to_data {
namespace {

using statistics::SparseRow;
using Bag = std::map<std::string, double, std::less<>>;

constexpr SettingCard kSettings[] = {{"folds", 5, 2, 100, "parts, each scored by a fit on the others"},
                                     {"strength", 1, 1e-6, 1e6, "how closely the regression fits"},
                                     {"seed", 1, 0, 9007199254740992, "of the parts"}};

constexpr AttackCard kCard{
    .name = "blind_baseline",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell members from others without asking the model: what every membership result is measured against",
    .technique = "membership_inference.loss",
    .reference = "arXiv:2406.16201",
    .settings = kSettings,
};

class Vocabulary {
 public:
  explicit Vocabulary(std::span<const Bag* const> bags) {
    std::map<std::string_view, double> texts_with;
    for (const Bag* bag : bags)
      for (const auto& [word, count] : *bag) ++texts_with[word];
    for (const auto& [word, texts] : texts_with) {
      number_.emplace(word, static_cast<std::uint32_t>(weights_.size()));
      weights_.push_back(std::log((1 + static_cast<double>(bags.size())) / (1 + texts)) + 1);
    }
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(weights_.size()); }

  SparseRow Row(const Bag& bag) const {
    SparseRow row;
    double squares = 0;
    for (const auto& [word, count] : bag) {
      const auto place = number_.find(word);
      if (place == number_.end()) continue;
      row.emplace_back(place->second, count * weights_[place->second]);
      squares += row.back().second * row.back().second;
    }
    for (auto& [word, value] : row) value /= std::sqrt(squares);
    return row;
  }

 private:
  std::map<std::string_view, std::uint32_t> number_;
  std::vector<double> weights_;
};

Bag BagOf(std::string_view text) {
  Bag bag;
  for (const std::string& word : WordsForBag(text)) ++bag[word];
  return bag;
}

Result<std::vector<double>> LogOdds(std::span<const Bag* const> learned, std::span<const std::uint8_t> labels,
                                    std::span<const Bag* const> asked, double strength) {
  const Vocabulary vocabulary(learned);
  std::vector<SparseRow> rows;
  for (const Bag* bag : learned) rows.push_back(vocabulary.Row(*bag));
  TRY(model, statistics::FitLogistic(rows, labels, vocabulary.size(), {.strength = strength}));
  std::vector<double> scores;
  for (const Bag* bag : asked) scores.push_back(model.LogOdds(vocabulary.Row(*bag)));
  return scores;
}

}  // namespace

std::vector<std::string> WordsForBag(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (word.size() >= 2) words.push_back(word);
    word.clear();
  };
  for (const char c : LowerCase(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0)
      word += c;
    else
      finish();
  }
  finish();
  return words;
}

Result<std::vector<double>> BlindScores(std::span<const std::string_view> texts, std::span<const std::uint8_t> members,
                                        std::uint32_t folds, double strength, std::uint64_t seed) {
  if (texts.size() != members.size())
    return Error{Fault::kInvalidInput, fmt::format("{} texts with {} labels", texts.size(), members.size())};
  std::vector<Bag> bags;
  for (const std::string_view text : texts) bags.push_back(BagOf(text));
  const std::vector<std::uint32_t> fold_of = FoldOfTexts(texts, members, folds, seed);
  std::vector<double> scores(texts.size(), 0);
  for (std::uint32_t fold = 0; fold < folds; ++fold) {
    std::vector<const Bag*> learned, asked;
    std::vector<std::uint8_t> labels;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      (fold_of[i] == fold ? asked : learned).push_back(&bags[i]);
      if (fold_of[i] != fold) labels.push_back(members[i]);
    }
    TRY(told, LogOdds(learned, labels, asked, strength));
    for (std::size_t i = 0, next = 0; i < texts.size(); ++i)
      if (fold_of[i] == fold) scores[i] = told[next++];
  }
  return scores;
}

Result<std::vector<double>> BlindLogOdds(std::span<const std::string_view> learned,
                                         std::span<const std::uint8_t> members, std::span<const std::string_view> asked,
                                         double strength) {
  if (learned.size() != members.size())
    return Error{Fault::kInvalidInput, fmt::format("{} texts with {} labels", learned.size(), members.size())};
  std::vector<Bag> bags;
  for (const auto set : {learned, asked})
    for (const std::string_view text : set) bags.push_back(BagOf(text));
  std::vector<const Bag*> known, unknown;
  for (std::size_t i = 0; i < bags.size(); ++i) (i < learned.size() ? known : unknown).push_back(&bags[i]);
  return LogOdds(known, members, unknown, strength);
}

AttackEntry BlindBaseline() {
  return {
      kCard,
      SetReader{
          {}, false, [](std::span<const LabeledView> target, std::span<const LabeledView>, const Settings& settings) {
            std::vector<std::string_view> texts;
            std::vector<std::uint8_t> members;
            for (const LabeledView& labeled : target) {
              texts.push_back(labeled.view.text);
              members.push_back(labeled.member);
            }
            return BlindScores(texts, members, static_cast<std::uint32_t>(settings["folds"]), settings["strength"],
                               static_cast<std::uint64_t>(settings["seed"]));
          }}};
}

}  // namespace ringfort::attacks::model_to_data
