#include "attacks/model_to_model/distillation.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "attacks/model_to_model/washed_distillation.h"
#include "base/random.h"
#include "engines/checkpoint/fresh_checkpoint.h"
#include "engines/checkpoint/learned_vocabulary.h"
#include "engines/torch/torch_model.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Model;
using engines::Token;
using engines::TorchModel;

constexpr AttackCard kCard{
    .name = "distillation",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Train a copy on answers that were asked for",
    .technique = "model_extraction.distillation",
    .reference = "arXiv:1812.02766",
    .needs = {engines::Ability::kGenerate},
};

Error Invalid(const char* what) { return {Fault::kInvalidInput, what}; }

std::string FirstWord(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return std::string(text.substr(begin, std::min(text.find_first_of(" \t\r\n", begin), text.size()) - begin));
}

class Thief {
 public:
  Thief(Model& target, const DistillationRule& rule, Budget& budget) : target_(target), rule_(rule), budget_(budget) {}

  Result<DistillationReport> Run(std::span<const std::string> prompts, std::span<const std::string> probes) {
    std::vector<std::uint32_t> budgets = rule_.budgets;
    std::sort(budgets.begin(), budgets.end());
    const std::size_t asked = std::min<std::size_t>(budgets.back(), prompts.size());
    std::vector<std::string> own, bought;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      own.push_back(PromptOf(prompts[i], rule_.prompt_bytes));
      if (i >= asked) continue;
      TRY(answer, Ask(own.back(), rule_.answer_tokens, 1, rule_.seed + i));
      bought.push_back(own.back() + answer);
    }
    if (rule_.wash_every > 0) WashAnswers(bought, own, prompts, rule_.wash_every, rule_.seed);
    std::vector<std::string> questions, answers;
    for (const std::string& probe : probes) {
      questions.push_back(PromptOf(probe, rule_.prompt_bytes));
      TRY(answer, Ask(questions.back(), rule_.probe_tokens, 0, rule_.seed));
      answers.push_back(std::move(answer));
    }
    // One vocabulary for all copies, or their losses could not be set side by side.
    std::vector<std::string> seen = own;
    seen.insert(seen.end(), bought.begin(), bought.end());
    TRY(vocabulary, engines::LearnVocabulary(seen, rule_.vocabulary));

    DistillationReport report;
    for (const std::uint32_t queries : budgets) {
      std::vector<std::string> texts = own;
      const std::size_t paid = std::min<std::size_t>(queries, bought.size());
      std::copy(bought.begin(), bought.begin() + static_cast<std::ptrdiff_t>(paid), texts.begin());
      TRY(copy, Train(vocabulary, texts));
      TRY(measured, Measure(*copy, questions, answers));
      measured.queries = static_cast<std::uint32_t>(paid);
      report.copies.push_back(measured);
      TRY(checkpoint, copy->Now());
      report.checkpoint = std::move(checkpoint);
    }
    return report;
  }

 private:
  Result<std::string> Ask(const std::string& prompt, std::uint32_t tokens, double temperature, std::uint64_t seed) {
    TRY_STATUS(budget_.Take());
    const TokenMeter meter(target_, budget_);
    TRY(answer,
        target_.Generate({.prompt = prompt, .maximum_tokens = tokens, .temperature = temperature, .seed = seed}));
    return std::move(answer.text);
  }

  Result<std::unique_ptr<TorchModel>> Train(const engines::TokenVocabulary& vocabulary,
                                            std::span<const std::string> texts) const {
    TRY(checkpoint, engines::FreshCheckpoint(rule_.shape, vocabulary, rule_.seed));
    checkpoint.name = "copy";
    TRY(model, TorchModel::Make(std::move(checkpoint), ""));
    std::vector<engines::TrainingText> sequences;
    for (const std::string& text : texts) {
      TRY(tokens, model->Sequence(text));
      if (tokens.size() > rule_.shape.context) tokens.resize(rule_.shape.context);
      if (tokens.size() >= 2) sequences.push_back({.tokens = std::move(tokens)});
    }
    if (sequences.empty()) return Invalid("the prompts hold nothing to learn");
    Random random(rule_.seed);
    for (std::uint32_t epoch = 0; epoch < rule_.epochs; ++epoch) {
      for (std::size_t i = sequences.size(); i > 1; --i) std::swap(sequences[i - 1], sequences[random.Below(i)]);
      for (std::size_t begin = 0; begin < sequences.size(); begin += rule_.batch) {
        const auto batch =
            std::span(sequences).subspan(begin, std::min<std::size_t>(rule_.batch, sequences.size() - begin));
        TRY_STATUS(model->network().Train(batch, {.learning_rate = rule_.learning_rate}));
      }
    }
    return model;
  }

  Result<Copy> Measure(TorchModel& copy, std::span<const std::string> questions,
                       std::span<const std::string> answers) const {
    Copy measured;
    double loss = 0, tokens = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      TRY(answer, copy.Generate({.prompt = questions[i], .maximum_tokens = rule_.probe_tokens}));
      measured.first_word += FirstWord(answer.text) == FirstWord(answers[i]) ? 1 : 0;
      const double shared = SharedPrefix(answer.text, answers[i]);
      measured.prefix += shared;
      measured.same += shared >= 1 ? 1 : 0;
      TRY(scores, copy.Score(std::vector<std::string>{questions[i], questions[i] + answers[i]}, false));
      loss += scores[0].Sum() - scores[1].Sum();
      tokens += static_cast<double>(scores[1].tokens.size()) - static_cast<double>(scores[0].tokens.size());
    }
    const auto count = static_cast<double>(questions.size());
    measured.first_word /= count, measured.prefix /= count, measured.same /= count;
    measured.loss = tokens > 0 ? loss / tokens : 0;
    return measured;
  }

  Model& target_;
  const DistillationRule& rule_;
  Budget& budget_;
};

}  // namespace

std::string PromptOf(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  const std::size_t space = text.rfind(' ', bytes);
  return std::string(text.substr(0, space == std::string_view::npos || space == 0 ? bytes : space));
}

double SharedPrefix(std::string_view one, std::string_view other) {
  const std::size_t shorter = std::min(one.size(), other.size());
  if (shorter == 0) return one.empty() && other.empty() ? 1 : 0;
  std::size_t same = 0;
  while (same < shorter && one[same] == other[same]) ++same;
  return static_cast<double>(same) / static_cast<double>(shorter);
}

Result<DistillationReport> Distill(Model& target, std::span<const std::string> prompts,
                                   std::span<const std::string> probes, const DistillationRule& rule, Budget& budget) {
  if (prompts.empty() || probes.empty()) return Invalid("distillation needs prompts to ask and probes to compare on");
  if (rule.budgets.empty() || rule.answer_tokens == 0 || rule.probe_tokens == 0 || rule.prompt_bytes == 0 ||
      rule.epochs == 0 || rule.batch == 0 || !(rule.learning_rate > 0))
    return Invalid("distillation needs budgets, answers, probes, epochs, a batch and a learning rate above zero");
  return Thief(target, rule, budget).Run(prompts, probes);
}

AttackEntry Distillation() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::model_to_model
