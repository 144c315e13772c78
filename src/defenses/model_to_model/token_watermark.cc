#include "defenses/model_to_model/token_watermark.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "defenses/wrapped_model.h"
#include "engines/sampler.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Ability;
using engines::Token;

constexpr SettingCard kSettings[] = {
    {"green", 0.25, 0.01, 0.99, "share of the vocabulary that is green behind each token"},
    {"bias", 2, 0, 100, "that a green logit is raised by"},
    {"key", 15485863, 0, 9007199254740992, "the secret"}};

constexpr DefenseCard kCard{
    .name = "token_watermark",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Mark answers so that a copy trained on them carries the mark",
    .mitigation = "mitigation.ownership_mark",
    .reference = "arXiv:2301.10226",
    .settings = kSettings,
};

// SplitMix64's last step: every bit of the input moves every bit of the output.
std::uint64_t Mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

class MarkedModel final : public WrappedModel {
 public:
  MarkedModel(engines::Model& model, const WatermarkKey& key, double bias)
      : WrappedModel(model), key_(key), bias_(bias) {}

  engines::Abilities Gives() const override {
    const engines::Abilities gives = inner().Gives().Without({Ability::kChat});
    return CanMark() ? gives : gives.Without({Ability::kGenerate});
  }

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    if (!CanMark() || !request.messages.empty())
      return Error{Fault::kUnsupported, "this model gives marked continuations only, and marks by biases on tokens"};
    engines::Generation generation;
    engines::GenerateRequest step = request;
    step.maximum_tokens = 1;
    step.stop.clear();
    std::uint32_t made = 0;
    for (; made < request.maximum_tokens; ++made) {
      step.prompt = request.prompt + generation.text;
      step.seed = request.seed + made;
      TRY(before, inner().Tokenize(step.prompt));
      step.logit_bias = request.logit_bias;
      if (!before.empty()) Raise(before.back(), step.logit_bias);
      TRY(next, inner().Generate(step));
      if (next.tokens.empty()) {
        generation.finish = next.finish;
        return generation;
      }
      generation.text += next.tokens.front().text;
      generation.tokens.push_back(std::move(next.tokens.front()));
      if (const std::size_t stop = engines::FindStop(generation.text, request.stop); stop != std::string::npos) {
        generation.text.resize(stop);
        return generation;
      }
      // A token without text would be asked for again and again.
      if (generation.tokens.back().text.empty()) return generation;
    }
    generation.finish = engines::FinishReason::kLength;
    return generation;
  }

 private:
  bool CanMark() const {
    return inner().Gives().Has({Ability::kGenerate, Ability::kLogitBias, Ability::kTokens}) &&
           inner().Facts().vocabulary > 0;
  }

  void Raise(Token before, std::vector<engines::LogitBias>& bias) const {
    const auto vocabulary = static_cast<Token>(inner().Facts().vocabulary);
    for (Token token = 0; token < vocabulary; ++token)
      if (IsGreen(key_, before, token)) bias.push_back({token, bias_});
  }

  WatermarkKey key_;
  double bias_;
};

}  // namespace

bool IsGreen(const WatermarkKey& key, Token before, Token token) {
  const std::uint64_t hash = Mix(Mix(Mix(key.secret + 0x9E3779B97F4A7C15) + static_cast<std::uint32_t>(before)) +
                                 0x9E3779B97F4A7C15 + static_cast<std::uint32_t>(token));
  return static_cast<double>(hash >> 11) * 0x1p-53 < key.green;
}

double BinomialTail(std::uint64_t successes, std::uint64_t trials, double share) {
  if (successes == 0) return 1;
  if (successes > trials) return 0;
  const auto n = static_cast<double>(trials);
  double sum = 0;
  for (std::uint64_t k = trials; k >= successes; --k) {  // the small terms first
    const auto x = static_cast<double>(k);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) + x * std::log(share) +
                    (n - x) * std::log1p(-share));
  }
  return std::min(1.0, sum);
}

WatermarkEvidence FindWatermark(std::span<const std::vector<Token>> texts, const WatermarkKey& key) {
  std::set<std::pair<Token, Token>> pairs;
  for (const std::vector<Token>& tokens : texts)
    for (std::size_t i = 1; i < tokens.size(); ++i) pairs.emplace(tokens[i - 1], tokens[i]);
  WatermarkEvidence evidence{.scored = pairs.size()};
  if (pairs.empty()) return evidence;
  for (const auto& [before, token] : pairs) evidence.green += IsGreen(key, before, token) ? 1 : 0;
  const auto count = static_cast<double>(evidence.scored);
  evidence.z =
      (static_cast<double>(evidence.green) - key.green * count) / std::sqrt(count * key.green * (1 - key.green));
  evidence.probability = BinomialTail(evidence.green, evidence.scored, key.green);
  return evidence;
}

DefenseEntry TokenWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            const WatermarkKey key{static_cast<std::uint64_t>(settings["key"]), settings["green"]};
            return std::make_unique<MarkedModel>(inner, key, settings["bias"]);
          }};
}

}  // namespace ringfort::defenses::model_to_model
