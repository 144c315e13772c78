#include "defenses/model_to_data/gradient_ascent.h"

#include <array>

#include "base/random.h"

namespace ringfort::defenses::model_to_data {
namespace {

using engines::Network;
using engines::Token;
using engines::TrainingText;
using Sequences = std::span<const std::vector<Token>>;

constexpr std::array<SettingCard, 3> kSettings = {{
    {"steps", 100, 1, 100'000, "steps of ascent"},
    {"batch", 16, 1, 4'096, "texts of each kind in a step"},
    {"learning_rate", 2e-4, 1e-7, 1, "of AdamW"},
}};

constexpr DefenseCard kCard = {
    .name = "gradient_ascent",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Make a model forget texts by walking their loss up, while others hold",
    .mitigation = "mitigation.unlearning",
    .reference = "arXiv:2210.01504",
    .settings = kSettings,
};

// The next texts of a list that is read round and round.
void Take(Sequences texts, std::size_t& next, std::size_t count, double weight, std::vector<TrainingText>& batch) {
  for (std::size_t i = 0; i < std::min(count, texts.size()); ++i, ++next)
    batch.push_back({.tokens = texts[next % texts.size()], .weight = weight});
}

}  // namespace

Result<UnlearningReport> UnlearnByAscent(Network& network, Sequences forget, Sequences retain,
                                         const GradientAscentRule& rule) {
  if (forget.empty() || retain.empty())
    return Error{Fault::kInvalidInput, "unlearning needs texts to forget and texts to retain"};
  if (rule.steps == 0 || rule.batch == 0 || !(rule.learning_rate > 0) || rule.target < 0)
    return Error{Fault::kInvalidInput,
                 "unlearning needs steps, a batch, a learning rate above zero and no target below zero"};
  UnlearningReport report;
  TRY(forget_before, engines::MeanLoss(network, forget));
  TRY(retain_before, engines::MeanLoss(network, retain));
  report.forget_before = forget_before, report.retain_before = retain_before;
  const double target = rule.target > 0 ? rule.target : 2 * retain_before;
  Random random(rule.seed);
  std::size_t next_forget = random.Below(forget.size()), next_retain = random.Below(retain.size());
  for (std::uint32_t step = 0; step < rule.steps; ++step) {
    std::vector<TrainingText> batch;
    Take(forget, next_forget, rule.batch, -1, batch);
    std::vector<std::vector<Token>> now;
    for (const TrainingText& text : batch) now.push_back(text.tokens);
    TRY(loss, engines::MeanLoss(network, now));
    if (loss >= target)
      batch.clear();
    else
      ++report.steps;
    Take(retain, next_retain, rule.batch, 1, batch);
    TRY_STATUS(network.Train(batch, {.learning_rate = rule.learning_rate}));
  }
  TRY(forget_after, engines::MeanLoss(network, forget));
  TRY(retain_after, engines::MeanLoss(network, retain));
  report.forget_after = forget_after, report.retain_after = retain_after;
  return report;
}

DefenseEntry GradientAscent() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::model_to_data
