#include "attacks/model_to_data/disguised_exposure.h"

#include <iterator>
#include <string_view>

#include "attacks/model_to_data/canary_exposure.h"
#include "base/random.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr std::string_view kWords[] = {
    "the",   "of",    "and",   "that",  "was",   "with",  "not",   "his",   "but",   "are",   "this",  "have",
    "from",  "had",   "they",  "which", "one",   "you",   "were",  "all",   "her",   "she",   "there", "would",
    "their", "him",   "been",  "has",   "when",  "who",   "will",  "more",  "out",   "said",  "what",  "about",
    "than",  "into",  "them",  "can",   "only",  "other", "time",  "new",   "some",  "could", "two",   "may",
    "first", "then",  "any",   "like",  "now",   "over",  "such",  "our",   "man",   "even",  "most",  "made",
    "after", "also",  "did",   "many",  "off",   "must",  "well",  "back",  "years", "where", "much",  "your",
    "way",   "down",  "long",  "each",  "just",  "state", "those", "good",  "house", "world", "under", "water",
    "night", "light", "found", "place", "right", "great", "hand",  "small", "old",   "never", "work",  "day"};

constexpr SettingCard kSettings[] = {{"words", 24, 1, 1000, "that follow each question"},
                                     {"seed", 1, 0, 9007199254740992, "of the words"}};
constexpr std::string_view kDefenses[] = {"query_distance_detection"};

constexpr AttackCard kCard{
    .name = "disguised_exposure",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Try all secrets by likelihood in questions that look like anybody's",
    .technique = "training_data_extraction.prefix",
    .reference = "Ringfort",
    .needs = {engines::Ability::kScores},
    .settings = kSettings,
    .samples = SampleKind::kFile,
    .shows = Shows::kNumber,
    .unit = "bits of exposure",
    .adapts_to = kDefenses,
};

class DisguisedExposureAttack : public Attack {
 public:
  explicit DisguisedExposureAttack(const Settings& settings)
      : words_(settings.Count("words")), seed_(static_cast<std::uint64_t>(settings["seed"])) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    if (sample.text.empty() || sample.candidates.empty())
      return Error{Fault::kInvalidInput, "a canary's sample needs its text and the same text with other secrets"};
    std::vector<std::string> texts = {sample.text};
    texts.insert(texts.end(), sample.candidates.begin(), sample.candidates.end());
    std::vector<std::size_t> tails;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string tail = TailOf(seed_, i, words_);
      tails.push_back(tail.size());
      texts[i] += tail;
    }
    TRY_STATUS(budget.Take(texts.size()));
    const TokenMeter meter(target, budget);
    TRY(scores, target.Score(texts));
    std::vector<double> perplexities;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto sum = SumBeforeEnd(scores[i], tails[i]);
      if (!sum) return Error{Fault::kInvalidInput, "a canary or a candidate could not be scored whole"};
      perplexities.push_back(-*sum);
    }
    return ExposureOf(perplexities, sample.space);
  }

 private:
  std::size_t words_;
  std::uint64_t seed_;
};

}  // namespace

std::string TailOf(std::uint64_t seed, std::uint64_t question, std::size_t words) {
  Random random(seed * 0x9E3779B97F4A7C15 + question);
  std::string tail;
  for (std::size_t i = 0; i < words; ++i) {
    tail += ' ';
    tail += kWords[random.Below(std::size(kWords))];
  }
  return tail;
}

std::optional<double> SumBeforeEnd(const engines::TextScore& score, std::size_t bytes) {
  if (score.cut) return std::nullopt;
  std::size_t from = score.tokens.size(), passed = 0;
  while (from > 0 && passed < bytes) passed += score.tokens[--from].text.size();
  if (from == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < from; ++i) sum += score.tokens[i].log_probability;
  return sum;
}

AttackEntry DisguisedExposure() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<DisguisedExposureAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_data
