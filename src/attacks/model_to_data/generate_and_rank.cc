#include "attacks/model_to_data/generate_and_rank.h"

#include <algorithm>
#include <set>

#include "attacks/known_text.h"
#include "attacks/model_to_data/lowercase.h"
#include "attacks/model_to_data/zlib_ratio.h"
#include "attacks/text_observer.h"
#include "detectors/words.h"

namespace ringfort::attacks::model_to_data {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"tokens", 64, 1, 4096, "length of what is drawn"},
                                     {"temperature", 1, 0, 100, "of the draw"},
                                     {"top_k", 40, 0, 100000, "likeliest tokens to draw from; 0: all"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr std::string_view kNoPrompt[] = {""};

constexpr AttackCard kCard{
    .name = "generate_and_rank",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Draw texts from the model and find those that it knows by heart",
    .technique = "training_data_extraction.generate_and_rank",
    .reference = "arXiv:2012.07805",
    .needs = {Ability::kGenerate, Ability::kScores},
    .settings = kSettings,
    .samples = SampleKind::kPrompt,
    .usual_prompts = kNoPrompt,
};

class GenerateAndRankAttack : public Attack {
 public:
  explicit GenerateAndRankAttack(Settings settings) : settings_(std::move(settings)) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    TRY_STATUS(budget.Take());
    Attempt attempt;
    attempt.prompt = sample.text;
    {
      const TokenMeter meter(target, budget);
      TRY(generation, target.Generate({.prompt = sample.text,
                                       .maximum_tokens = static_cast<std::uint32_t>(settings_["tokens"]),
                                       .temperature = settings_["temperature"],
                                       .top_k = static_cast<std::uint32_t>(settings_["top_k"]),
                                       .seed = static_cast<std::uint64_t>(settings_["seed"])}));
      attempt.produced = std::move(generation.text);
    }
    if (attempt.produced.empty()) return Error{Fault::kInvalidInput, "the model said nothing to this prompt"};
    TRY(views,
        ObserveTexts(target, std::vector<std::string>{attempt.produced}, {.needs = {.lowercase = true}}, budget));
    const auto ratio = ZlibRatioScore(views[0].score, attempt.produced);
    if (!ratio) return Error{Fault::kInvalidInput, "what the model said could not be scored"};
    attempt.score = *ratio;
    attempt.known = NearestKnownText(attempt.produced, sample.candidates).text;
    attempt.numbers = {{"mean_log_probability", views[0].score.Mean()}};
    if (const auto lowercase = LowercaseScore(views[0].score, *views[0].lowercase))
      attempt.numbers.push_back({"lowercase", *lowercase});
    return attempt;
  }

 private:
  Settings settings_;
};

std::set<std::string> Trigrams(std::string_view text) {
  const std::vector<std::string> words = detectors::WordsOf(text);
  std::set<std::string> trigrams;
  const auto join = [&](std::size_t first, std::size_t count) {
    std::string joined;
    for (std::size_t i = first; i < first + count; ++i) joined += words[i] + " ";
    trigrams.insert(std::move(joined));
  };
  if (words.size() < 3) join(0, words.size());
  for (std::size_t i = 0; i + 3 <= words.size(); ++i) join(i, 3);
  return trigrams;
}

double Overlap(const std::set<std::string>& first, const std::set<std::string>& second) {
  const auto& fewer = first.size() <= second.size() ? first : second;
  const auto& more = first.size() <= second.size() ? second : first;
  std::size_t shared = 0;
  for (const std::string& trigram : fewer) shared += more.contains(trigram) ? 1 : 0;
  return static_cast<double>(shared) / static_cast<double>(fewer.size());
}

}  // namespace

double TrigramOverlap(std::string_view first, std::string_view second) {
  return Overlap(Trigrams(first), Trigrams(second));
}

std::vector<RankedText> DistinctBestFirst(std::span<const RankedText> texts, double overlap) {
  std::vector<RankedText> sorted(texts.begin(), texts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const RankedText& a, const RankedText& b) { return a.score > b.score; });
  std::vector<RankedText> kept;
  std::vector<std::set<std::string>> trigrams;
  for (RankedText& text : sorted) {
    std::set<std::string> own = Trigrams(text.text);
    if (std::any_of(trigrams.begin(), trigrams.end(), [&](const auto& other) { return Overlap(own, other) > overlap; }))
      continue;
    trigrams.push_back(std::move(own));
    kept.push_back(std::move(text));
  }
  return kept;
}

AttackEntry GenerateAndRank() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<GenerateAndRankAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_data
