#include "attacks/model_to_data/averaged_loss.h"

#include <fmt/format.h>

#include "attacks/text_observer.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"questions", 16, 1, 1000, "openings that each text is asked behind"}};
constexpr std::string_view kDefenses[] = {"noisy_answers", "rounded_answers"};

constexpr AttackCard kCard{
    .name = "averaged_loss",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Average away what a defense adds to the likelihood of a text",
    .technique = "membership_inference.loss",
    .reference = "Ringfort",
    .needs = {engines::Ability::kScores},
    .settings = kSettings,
    .shows = Shows::kMembership,
    .adapts_to = kDefenses,
};

class AveragedLossAttack : public Attack {
 public:
  explicit AveragedLossAttack(std::size_t questions) : questions_(questions) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < questions_; ++i) texts.push_back(OpeningOf(i) + sample.text);
    TRY_STATUS(budget.Take(texts.size()));
    const TokenMeter meter(target, budget);
    TRY(scores, target.Score(texts));
    double sum = 0;
    std::size_t answered = 0;
    for (const engines::TextScore& score : scores) {
      const auto own = ScoreOfEnd(score, sample.text.size());
      if (!own || own->tokens.empty()) continue;
      sum += own->Mean();
      ++answered;
    }
    if (answered == 0) return Error{Fault::kInvalidInput, "the text is too short for this attack, or was cut"};
    Attempt attempt;
    attempt.score = sum / static_cast<double>(answered);
    attempt.numbers = {{"questions", static_cast<double>(answered)}};
    return attempt;
  }

 private:
  std::size_t questions_;
};

}  // namespace

std::string OpeningOf(std::size_t question) { return question == 0 ? std::string() : fmt::format("({}) ", question); }

AttackEntry AveragedLoss() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<AveragedLossAttack>(settings.Count("questions"));
          }};
}

}  // namespace ringfort::attacks::model_to_data
