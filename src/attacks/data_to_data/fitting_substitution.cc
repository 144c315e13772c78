#include "attacks/data_to_data/fitting_substitution.h"

#include "attacks/data_to_data/text_pieces_internal.h"

namespace ringfort::attacks::data_to_data {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"share", 0.3, 0, 1, "of the words that are replaced"},
                                     {"candidates", 8, 1, 1000, "for each of them"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "fitting_substitution",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Wash a watermark off with words that fit",
    .technique = "watermark_removal.edit",
    .reference = "arXiv:1907.11932",
    .settings = kSettings,
};

double Cosine(std::span<const float> one, std::span<const float> other) {
  double both = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    both += static_cast<double>(one[i]) * other[i];
    first += static_cast<double>(one[i]) * one[i];
    second += static_cast<double>(other[i]) * other[i];
  }
  return first > 0 && second > 0 ? both / std::sqrt(first * second) : 0;
}

// Higher is better.
Result<std::vector<double>> Worth(std::span<const std::string> texts, const std::string& original,
                                  engines::Model& model, Guide guide) {
  std::vector<double> worth;
  if (guide == Guide::kLikelihood) {
    TRY(scores, model.Score(texts));
    for (std::size_t i = 0; i < texts.size(); ++i)
      worth.push_back(scores[i].Sum() / static_cast<double>(std::max<std::size_t>(1, texts[i].size())));
    return worth;
  }
  std::vector<std::string> all(texts.begin(), texts.end());
  all.push_back(original);
  TRY(vectors, model.Embed(all));
  for (std::size_t i = 0; i < texts.size(); ++i) worth.push_back(Cosine(vectors.Row(i), vectors.Row(texts.size())));
  return worth;
}

}  // namespace

Result<std::string> SubstituteFitting(std::string_view text, const WordProposals& proposals, engines::Model* model,
                                      const FittingRule& rule) {
  const Ability needed = rule.guide == Guide::kEmbedding ? Ability::kEmbeddings : Ability::kScores;
  if (rule.guide != Guide::kNone && model == nullptr)
    return Error{Fault::kInvalidInput, "candidates are picked by a model: name one"};
  if (rule.guide != Guide::kNone && !model->Gives().Has(needed))
    return Error{Fault::kUnsupported, "the model that picks gives no " + std::string(Name(needed))};
  const std::size_t words = WordPlaces(PiecesOf(text)).size();
  const std::size_t changes = ShareOf(rule.share, words);
  if (changes == 0) return std::string(text);
  if (rule.guide == Guide::kNone) {
    const std::vector<std::string> neighbors = proposals.Neighbors(text, 1, changes, rule.seed);
    return neighbors.empty() ? std::string(text) : neighbors.front();
  }
  const std::string original(text);
  std::string washed = original;
  for (std::size_t change = 0; change < changes; ++change) {
    const std::vector<std::string> neighbors =
        proposals.Neighbors(washed, rule.candidates, 1, rule.seed * 1'000'003 + change);
    if (neighbors.empty()) break;
    TRY(worth, Worth(neighbors, original, *model, rule.guide));
    washed = neighbors[static_cast<std::size_t>(std::max_element(worth.begin(), worth.end()) - worth.begin())];
  }
  return washed;
}

AttackEntry FittingSubstitution() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
