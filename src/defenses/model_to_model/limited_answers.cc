#include "defenses/model_to_model/limited_answers.h"

#include <algorithm>

#include "defenses/wrapped_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"alternatives", 1, 0, 1000, "likeliest tokens told at each place"}};

constexpr DefenseCard kCard{
    .name = "limited_answers",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Tell text and a few alternatives a token, and nothing else",
    .mitigation = "mitigation.output_limits",
    .reference = "arXiv:1609.02943",
    .settings = kSettings,
};

Error Denied() { return {Fault::kUnsupported, "this model tells generated text alone"}; }

class LimitedModel : public WrappedModel {
 public:
  LimitedModel(engines::Model& inner, std::uint32_t alternatives) : WrappedModel(inner), alternatives_(alternatives) {}

  engines::Abilities Gives() const override {
    const engines::Abilities gives =
        inner().Gives().Without({Ability::kScores, Ability::kMoments, Ability::kLogits, Ability::kHiddenStates,
                                 Ability::kInputGradients, Ability::kTraining, Ability::kWeights, Ability::kAdapters});
    return alternatives_ == 0 ? gives.Without({Ability::kTopAlternatives}) : gives;
  }

  Result<std::vector<engines::TextScore>> Score(std::span<const std::string>, bool) override { return Denied(); }
  Result<engines::Matrix> Logits(std::span<const engines::Token>) override { return Denied(); }
  Result<std::vector<engines::Matrix>> HiddenStates(std::span<const engines::Token>) override { return Denied(); }
  Status UseAdapter(const std::string&, double) override { return Denied(); }

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    if (alternatives_ == 0 && request.top_alternatives > 0) return Denied();
    engines::GenerateRequest limited = request;
    limited.top_alternatives = std::min(request.top_alternatives, alternatives_);
    TRY(generation, inner().Generate(limited));
    for (engines::GeneratedToken& token : generation.tokens) {
      if (token.alternatives.size() > alternatives_) token.alternatives.resize(alternatives_);
      if (alternatives_ == 0) token.log_probability = 0;
    }
    return generation;
  }

 private:
  std::uint32_t alternatives_;
};

}  // namespace

DefenseEntry LimitedAnswers() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<LimitedModel>(inner, static_cast<std::uint32_t>(settings["alternatives"]));
          }};
}

}  // namespace ringfort::defenses::model_to_model
