#include "attacks/model_to_data/continuation_agreement.h"

#include <algorithm>

namespace ringfort::attacks::model_to_data {
namespace {

using engines::Ability;
using engines::Token;

constexpr SettingCard kSettings[] = {{"places", 8, 1, 1000, "where the text is cut"},
                                     {"tokens", 8, 1, 1000, "that are to follow each cut"}};
constexpr std::string_view kDefenses[] = {"limited_answers", "rounded_answers", "noisy_answers"};

constexpr AttackCard kCard{
    .name = "continuation_agreement",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell members from others by what the model says, without a number",
    .technique = "membership_inference.label_only",
    .reference = "arXiv:2007.14321",
    .needs = {Ability::kTokens, Ability::kGenerate},
    .settings = kSettings,
    .shows = Shows::kMembership,
    .adapts_to = kDefenses,
};

class ContinuationAgreementAttack : public Attack {
 public:
  ContinuationAgreementAttack(std::size_t places, std::size_t tokens) : places_(places), tokens_(tokens) {}

  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    TRY(tokens, target.Tokenize(sample.text));
    if (tokens.size() < 2) return Error{Fault::kInvalidInput, "the text is too short to be cut"};
    const std::size_t places = std::min(places_, tokens.size() - 1);
    TRY_STATUS(budget.Take(places));
    const TokenMeter meter(target, budget);
    Attempt attempt;
    for (std::size_t place = 1; place <= places; ++place) {
      // From 1 to size - 1, evenly.
      const std::size_t cut = std::max<std::size_t>(1, tokens.size() * place / (places + 1));
      const std::span<const Token> all(tokens);
      TRY(prompt, target.Detokenize(all.first(cut)));
      TRY(expected, target.Detokenize(all.subspan(cut, std::min(tokens_, tokens.size() - cut))));
      TRY(said, target.Generate({.prompt = prompt, .maximum_tokens = static_cast<std::uint32_t>(tokens_)}));
      attempt.score += AgreeingShare(said.text, expected) / static_cast<double>(places);
    }
    attempt.numbers = {{"places", static_cast<double>(places)}};
    return attempt;
  }

 private:
  std::size_t places_;
  std::size_t tokens_;
};

}  // namespace

double AgreeingShare(std::string_view said, std::string_view expected) {
  if (expected.empty()) return 0;
  const std::size_t both = std::min(said.size(), expected.size());
  std::size_t agreeing = 0;
  while (agreeing < both && said[agreeing] == expected[agreeing]) ++agreeing;
  return static_cast<double>(agreeing) / static_cast<double>(expected.size());
}

AttackEntry ContinuationAgreement() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<Attack> {
            return std::make_unique<ContinuationAgreementAttack>(settings.Count("places"), settings.Count("tokens"));
          }};
}

}  // namespace ringfort::attacks::model_to_data
