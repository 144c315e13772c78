#include "attacks/model_to_model/logit_bias_recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "attacks/dense_algebra.h"
#include "base/random.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Ability;
using engines::Token;

constexpr double kLargestBias = 1000;

constexpr SettingCard kSettings[] = {{"alternatives", 5, 2, 1000, "alternatives that the API shows"},
                                     {"bias", 60, 1, kLargestBias, "first tried; doubled where it is too small"},
                                     {"columns", 0, 0, 1000000, "tokens recovered of each row; 0: twice the prompts"},
                                     {"seed", 1, 0, 9007199254740992, "of the choice of tokens"}};

constexpr AttackCard kCard{
    .name = "logit_bias_recovery",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Recover logits through the few alternatives that an API shows, and from them the hidden dimension",
    .technique = "model_extraction.output_layer",
    .reference = "arXiv:2403.06634",
    .needs = {Ability::kGenerate, Ability::kTopAlternatives, Ability::kLogitBias},
    .settings = kSettings,
    .samples = SampleKind::kAllTexts,
    .shows = Shows::kNumber,
    .unit = "dimensions",
};

// One question: the log-probabilities of the tokens that were biased, if all are shown.
Result<std::optional<std::map<Token, double>>> AskBiased(engines::Model& target, const std::string& prompt,
                                                         std::span<const Token> tokens, std::uint32_t alternatives,
                                                         double bias, Budget& budget) {
  engines::GenerateRequest request{.prompt = prompt, .maximum_tokens = 1, .top_alternatives = alternatives};
  for (const Token token : tokens) request.logit_bias.push_back({token, bias});
  TRY_STATUS(budget.Take());
  const TokenMeter meter(target, budget);
  TRY(generation, target.Generate(request));
  std::map<Token, double> shown;
  // A generation may be empty where the likeliest token is an end.
  if (generation.tokens.empty()) return std::optional<std::map<Token, double>>();
  for (const engines::Alternative& alternative : generation.tokens[0].alternatives) {
    if (alternative.token == engines::kNoToken)
      return Error{Fault::kUnsupported, "the engine does not tell the numbers of its alternatives"};
    shown[alternative.token] = alternative.log_probability;
  }
  for (const Token token : tokens)
    if (!shown.contains(token)) return std::optional<std::map<Token, double>>();
  return std::optional(std::move(shown));
}

class LogitBiasRecoveryAttack : public Attack {
 public:
  explicit LogitBiasRecoveryAttack(Settings settings) : settings_(std::move(settings)) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    std::vector<std::string> prompts = {sample.text};
    prompts.insert(prompts.end(), sample.candidates.begin(), sample.candidates.end());
    const std::uint32_t vocabulary = target.Facts().vocabulary;
    if (prompts.size() < 4 || vocabulary < 4)
      return Error{Fault::kInvalidInput,
                   "this needs four prompts or more, and a model that tells its vocabulary's size"};
    const std::size_t asked = settings_.Count("columns");
    std::vector<Token> tokens(vocabulary);
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<Token>(i);
    Random random(static_cast<std::uint64_t>(settings_["seed"]));
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
      std::swap(tokens[i], tokens[i + random.Below(tokens.size() - i)]);
    tokens.resize(std::min<std::size_t>(tokens.size(), asked == 0 ? 2 * prompts.size() + 1 : asked + 1));
    const Token reference = tokens.back();
    tokens.pop_back();

    const std::uint64_t before = budget.queries();
    DenseMatrix logits(prompts.size(), tokens.size());
    for (std::size_t row = 0; row < prompts.size(); ++row) {
      TRY(recovered, RecoverLogits(target, prompts[row], tokens, reference,
                                   static_cast<std::uint32_t>(settings_["alternatives"]), settings_["bias"], budget));
      std::copy(recovered.begin(), recovered.end(),
                logits.values.begin() + static_cast<std::ptrdiff_t>(row * tokens.size()));
    }
    TRY(values, SingularValues(logits));
    const RankGap gap = LargestDrop(values);
    Attempt attempt;
    attempt.score = static_cast<double>(ClearRank(values));
    attempt.numbers = {{"rows", static_cast<double>(prompts.size())},
                       {"columns", static_cast<double>(tokens.size())},
                       {"drop", gap.drop}};
    if (before != Budget::kUnlimited)
      attempt.numbers.push_back({"queries", static_cast<double>(before - budget.queries())});
    return attempt;
  }

 private:
  Settings settings_;
};

}  // namespace

Result<std::vector<double>> RecoverLogits(engines::Model& target, const std::string& prompt,
                                          std::span<const Token> tokens, Token reference, std::uint32_t alternatives,
                                          double bias, Budget& budget) {
  if (alternatives < 2 || !(bias > 0))
    return Error{Fault::kInvalidInput, "recovery by bias needs two alternatives or more and a bias above 0"};
  std::map<Token, double> recovered = {{reference, 0.0}};
  std::vector<Token> wanted;
  for (const Token token : tokens)
    if (token != reference) wanted.push_back(token);
  const std::size_t step = alternatives - 1;
  for (std::size_t first = 0; first < wanted.size(); first += step) {
    const std::size_t count = std::min(step, wanted.size() - first);
    std::vector<Token> group(wanted.begin() + static_cast<std::ptrdiff_t>(first),
                             wanted.begin() + static_cast<std::ptrdiff_t>(first + count));
    group.push_back(reference);
    std::optional<std::map<Token, double>> shown;
    for (double tried = bias; !shown && tried <= kLargestBias; tried *= 2) {
      TRY(answer, AskBiased(target, prompt, group, alternatives, tried, budget));
      shown = std::move(answer);
    }
    if (!shown)
      return Error{Fault::kUnavailable,
                   fmt::format("a biased token never comes among the {} alternatives", alternatives)};
    for (const Token token : group) recovered[token] = shown->at(token) - shown->at(reference);
  }
  std::vector<double> logits;
  for (const Token token : tokens) logits.push_back(recovered.at(token));
  return logits;
}

AttackEntry LogitBiasRecovery() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<LogitBiasRecoveryAttack>(settings);
          }};
}

}  // namespace ringfort::attacks::model_to_model
