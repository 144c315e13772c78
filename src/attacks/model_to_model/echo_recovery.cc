#include "attacks/model_to_model/echo_recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "attacks/model_to_model/distillation.h"
#include "base/random.h"
#include "base/text.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Ability;
using engines::Token;

constexpr std::size_t kTextsAtOnce = 256;

constexpr SettingCard kSettings[] = {{"rows", 200, 8, 20000, "prompts to ask behind, as far as there are so many"},
                                     {"prompt_bytes", 24, 1, 10000, "of each text"},
                                     {"seed", 1, 0, 9007199254740992, "of the choice of tokens"}};
constexpr std::string_view kDefenses[] = {"logit_bias_denial"};

constexpr AttackCard kCard{
    .name = "echo_recovery",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Recover logits from the log-probabilities of given texts, and from them the hidden dimension",
    .technique = "model_extraction.output_layer",
    .reference = "Ringfort",
    .needs = {Ability::kScores, Ability::kTokens},
    .settings = kSettings,
    .samples = SampleKind::kAllTexts,
    .shows = Shows::kNumber,
    .unit = "dimensions",
    .adapts_to = kDefenses,
};

class EchoRecoveryAttack : public Attack {
 public:
  explicit EchoRecoveryAttack(const Settings& settings) : settings_(settings) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> prompts;
    std::set<std::string> seen;
    const auto add = [&](const std::string& text) {
      const std::string prompt = PromptOf(text, settings_.Count("prompt_bytes"));
      if (prompts.size() < settings_.Count("rows") && IsValidUtf8(prompt) && seen.insert(prompt).second)
        prompts.push_back(prompt);
    };
    add(sample.text);
    for (const std::string& text : sample.candidates) add(text);
    const std::uint32_t vocabulary = target.Facts().vocabulary;
    if (prompts.size() < 4 || vocabulary < 8)
      return Error{Fault::kInvalidInput,
                   "this needs four prompts or more, and a model that tells its vocabulary's size"};
    TRY(tokens, ChooseTokens(target, prompts, vocabulary));
    if (tokens.size() < 5) return Error{Fault::kInvalidInput, "hardly a token can be written behind all prompts"};
    const Token reference = tokens.back();
    tokens.pop_back();
    TRY(logits, EchoedLogits(target, prompts, tokens, reference, budget));
    TRY(values, SingularValues(logits));
    Attempt attempt;
    attempt.score = static_cast<double>(ClearRank(values));
    attempt.numbers = {{"rows", static_cast<double>(logits.rows)},
                       {"columns", static_cast<double>(logits.columns)},
                       {"drop", LargestDrop(values).drop}};
    return attempt;
  }

 private:
  // Twice as many as prompts, and one more, that stay whole behind every prompt. Cutting texts into
  // tokens is the attacker's own work.
  Result<std::vector<Token>> ChooseTokens(engines::Model& target, std::span<const std::string> prompts,
                                          std::uint32_t vocabulary) const {
    std::vector<std::vector<Token>> cut;
    for (const std::string& prompt : prompts) {
      TRY(tokens, target.Tokenize(prompt));
      cut.push_back(std::move(tokens));
    }
    std::vector<Token> order(vocabulary);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Token>(i);
    Random random(static_cast<std::uint64_t>(settings_["seed"]));
    for (std::size_t i = 0; i + 1 < order.size(); ++i) std::swap(order[i], order[i + random.Below(order.size() - i)]);
    std::vector<Token> chosen;
    for (const Token token : order) {
      if (chosen.size() > 2 * prompts.size()) break;
      TRY(whole, StaysWhole(target, prompts, cut, token));
      if (whole) chosen.push_back(token);
    }
    return chosen;
  }

  static Result<bool> StaysWhole(engines::Model& target, std::span<const std::string> prompts,
                                 std::span<const std::vector<Token>> cut, Token token) {
    const auto text = target.Detokenize(std::span(&token, 1));
    if (!text.ok() || text.value().empty() || !IsValidUtf8(text.value())) return false;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      TRY(tokens, target.Tokenize(prompts[i] + text.value()));
      if (tokens.size() != cut[i].size() + 1 || tokens.back() != token ||
          !std::equal(cut[i].begin(), cut[i].end(), tokens.begin()))
        return false;
    }
    return true;
  }

  Settings settings_;
};

}  // namespace

Result<DenseMatrix> EchoedLogits(engines::Model& target, std::span<const std::string> prompts,
                                 std::span<const Token> tokens, Token reference, Budget& budget) {
  std::vector<Token> asked(tokens.begin(), tokens.end());
  asked.push_back(reference);
  std::vector<std::string> ends;
  for (const Token token : asked) {
    TRY(text, target.Detokenize(std::span(&token, 1)));
    ends.push_back(std::move(text));
  }
  DenseMatrix logits(prompts.size(), tokens.size());
  for (std::size_t row = 0; row < prompts.size(); ++row) {
    std::vector<double> told;
    for (std::size_t first = 0; first < ends.size(); first += kTextsAtOnce) {
      std::vector<std::string> texts;
      for (std::size_t i = first; i < std::min(first + kTextsAtOnce, ends.size()); ++i)
        texts.push_back(prompts[row] + ends[i]);
      TRY_STATUS(budget.Take(texts.size()));
      const TokenMeter meter(target, budget);
      TRY(scores, target.Score(texts));
      for (std::size_t i = 0; i < scores.size(); ++i) {
        const Token token = asked[first + i];
        if (scores[i].cut || scores[i].tokens.empty() || scores[i].tokens.back().token != token)
          return Error{Fault::kInvalidInput, fmt::format("the token {} does not stay whole behind a prompt", token)};
        told.push_back(scores[i].tokens.back().log_probability);
      }
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) logits.At(row, i) = told[i] - told.back();
  }
  return logits;
}

AttackEntry EchoRecovery() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<EchoRecoveryAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_model
