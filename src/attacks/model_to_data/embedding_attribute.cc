#include "attacks/model_to_data/embedding_attribute.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "attacks/cross_fit.h"
#include "attacks/model_to_data/blind_baseline.h"
#include "attacks/ridge_readout.h"
#include "statistics/bootstrap.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr std::size_t kTextsAtOnce = 64;
constexpr std::size_t kMostValues = 20;

constexpr SettingCard kSettings[] = {{"folds", 5, 2, 100, "parts, each read by a fit to the others"},
                                     {"seed", 1, 0, 9007199254740992, "of the parts"}};

constexpr AttackCard kCard{
    .name = "embedding_attribute",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell an attribute of a text, such as its author, from its embedding",
    .technique = "model_inversion.attribute",
    .reference = "arXiv:2004.00053",
    .needs = {engines::Ability::kEmbeddings},
    .settings = kSettings,
    .samples = SampleKind::kFile,
    .shows = Shows::kNumber,
    .unit = "of accuracy above the commonest value",
};

std::size_t Largest(const DenseMatrix& matrix, std::size_t row) {
  std::size_t best = 0;
  for (std::size_t column = 1; column < matrix.columns; ++column)
    if (matrix.At(row, column) > matrix.At(row, best)) best = column;
  return best;
}

class EmbeddingAttributeAttack : public Attack {
 public:
  explicit EmbeddingAttributeAttack(const Settings& settings)
      : rule_{static_cast<std::uint32_t>(settings["folds"]), static_cast<std::uint64_t>(settings["seed"])} {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> texts, attributes;
    for (const std::string& candidate : sample.candidates) {
      const std::size_t tab = candidate.find('\t');
      if (tab == std::string::npos || tab == 0)
        return Error{Fault::kInvalidInput, "a candidate is no value, tab and text"};
      attributes.push_back(candidate.substr(0, tab));
      texts.push_back(candidate.substr(tab + 1));
    }
    engines::Matrix embeddings;
    for (std::size_t first = 0; first < texts.size(); first += kTextsAtOnce) {
      const auto some = std::span(texts).subspan(first, std::min(kTextsAtOnce, texts.size() - first));
      TRY_STATUS(budget.Take(some.size()));
      const TokenMeter meter(target, budget);
      TRY(vectors, target.Embed(some));
      embeddings.rows += vectors.rows;
      embeddings.columns = vectors.columns;
      embeddings.values.insert(embeddings.values.end(), vectors.values.begin(), vectors.values.end());
    }
    TRY(reading, ReadAttribute(embeddings, texts, attributes, rule_));
    Attempt attempt;
    attempt.score = reading.gain;
    attempt.numbers = {{"gain_lower", reading.gain_lower},
                       {"gain_upper", reading.gain_upper},
                       {"accuracy", reading.accuracy},
                       {"blind_accuracy", reading.blind_accuracy},
                       {"words_accuracy", reading.words_accuracy},
                       {"texts", static_cast<double>(reading.texts)},
                       {"values", static_cast<double>(reading.values)}};
    return attempt;
  }

 private:
  AttributeRule rule_;
};

}  // namespace

Result<AttributeReading> ReadAttribute(const engines::Matrix& embeddings, std::span<const std::string> texts,
                                       std::span<const std::string> attributes, const AttributeRule& rule) {
  std::map<std::string_view, std::uint8_t> number_of;
  for (const std::string& attribute : attributes)
    if (number_of.size() <= kMostValues) number_of.emplace(attribute, 0);
  if (number_of.size() < 2 || number_of.size() > kMostValues)
    return Error{Fault::kInvalidInput, fmt::format("an attribute has 2 to {} values, and this has {}{}", kMostValues,
                                                   number_of.size() > kMostValues ? "more than " : "",
                                                   std::min(number_of.size(), kMostValues))};
  std::uint8_t next = 0;
  for (auto& [value, number] : number_of) number = next++;
  std::vector<std::uint8_t> truth;
  std::vector<std::size_t> counts(number_of.size(), 0);
  for (const std::string& attribute : attributes) {
    truth.push_back(number_of.at(attribute));
    ++counts[truth.back()];
  }
  if (*std::ranges::min_element(counts) < std::max<std::size_t>(rule.folds, 2))
    return Error{Fault::kInvalidInput,
                 fmt::format("a value of the attribute stands on fewer than {} texts", rule.folds)};

  // Of all texts: of those left by a part it would be wrong more often than chance.
  const auto commonest = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const std::vector<std::uint32_t> fold_of = FoldOfTexts(views, truth, rule.folds, rule.seed);
  std::vector<double> right(texts.size(), 0), blind(texts.size(), 0), by_words(texts.size(), 0);
  for (std::uint32_t fold = 0; fold < rule.folds; ++fold) {
    std::vector<std::size_t> known, unseen;
    for (std::size_t i = 0; i < texts.size(); ++i) (fold_of[i] == fold ? unseen : known).push_back(i);
    if (unseen.empty()) continue;
    const auto rows = [&](std::span<const std::size_t> chosen) {
      DenseMatrix some(chosen.size(), embeddings.columns);
      for (std::size_t row = 0; row < chosen.size(); ++row)
        std::ranges::copy(embeddings.Row(chosen[row]), &some.At(row, 0));
      return some;
    };
    DenseMatrix labels(known.size(), counts.size());
    for (std::size_t row = 0; row < known.size(); ++row) labels.At(row, truth[known[row]]) = 1;
    TRY(fit, RidgeReadout::Fit(rows(known), labels));
    const DenseMatrix predicted = fit.Predict(rows(unseen));
    for (std::size_t row = 0; row < unseen.size(); ++row) {
      right[unseen[row]] = Largest(predicted, row) == truth[unseen[row]] ? 1 : 0;
      blind[unseen[row]] = commonest == truth[unseen[row]] ? 1 : 0;
    }
  }
  DenseMatrix odds(texts.size(), counts.size());
  for (std::size_t value = 0; value < counts.size(); ++value) {
    std::vector<std::uint8_t> is_value;
    for (const std::uint8_t own : truth) is_value.push_back(own == value ? 1 : 0);
    TRY(scores, BlindScores(views, is_value, rule.folds, 1, rule.seed));
    for (std::size_t i = 0; i < texts.size(); ++i) odds.At(i, value) = scores[i];
  }
  for (std::size_t i = 0; i < texts.size(); ++i) by_words[i] = Largest(odds, i) == truth[i] ? 1 : 0;

  AttributeReading reading;
  reading.texts = texts.size();
  reading.values = counts.size();
  std::vector<double> gains;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double share = 1 / static_cast<double>(texts.size());
    reading.accuracy += share * right[i];
    reading.blind_accuracy += share * blind[i];
    reading.words_accuracy += share * by_words[i];
    gains.push_back(right[i] - blind[i]);
  }
  reading.gain = reading.accuracy - reading.blind_accuracy;
  TRY(interval, statistics::BootstrapMeanInterval(gains, {.seed = rule.seed}));
  reading.gain_lower = interval.lower;
  reading.gain_upper = interval.upper;
  return reading;
}

AttackEntry EmbeddingAttribute() {
  return {kCard, MakeAttack{[](const Settings& settings) {
            return std::unique_ptr<Attack>(new EmbeddingAttributeAttack(settings));
          }}};
}

}  // namespace ringfort::attacks::model_to_data
