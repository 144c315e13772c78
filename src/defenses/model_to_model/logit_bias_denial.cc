#include "defenses/model_to_model/logit_bias_denial.h"

#include "defenses/wrapped_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr SettingCard kSettings[] = {
    {"with_probabilities_only", 0, 0, 1, "1: refuse a bias only where probabilities are asked for as well"}};

constexpr DefenseCard kCard{
    .name = "logit_bias_denial",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Refuse requests that bias the logits",
    .mitigation = "mitigation.no_logit_bias",
    .reference = "arXiv:2403.06634",
    .settings = kSettings,
};

class WithoutBias : public WrappedModel {
 public:
  WithoutBias(engines::Model& inner, bool only_with_probabilities)
      : WrappedModel(inner), only_with_probabilities_(only_with_probabilities) {}

  engines::Abilities Gives() const override {
    return only_with_probabilities_ ? inner().Gives() : inner().Gives().Without({engines::Ability::kLogitBias});
  }

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    if (request.logit_bias.empty()) return inner().Generate(request);
    if (!only_with_probabilities_) return Error{Fault::kUnsupported, "this model takes no logit bias"};
    if (request.top_alternatives > 0)
      return Error{Fault::kUnsupported, "this model tells no alternatives of an answer with a logit bias"};
    TRY(generation, inner().Generate(request));
    for (engines::GeneratedToken& token : generation.tokens) token.log_probability = 0;
    return generation;
  }

 private:
  bool only_with_probabilities_;
};

}  // namespace

DefenseEntry LogitBiasDenial() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<WithoutBias>(inner, settings["with_probabilities_only"] >= 0.5);
          }};
}

}  // namespace ringfort::defenses::model_to_model
