#include "defenses/data_to_model/perplexity_filter.h"

#include "defenses/question_text.h"
#include "defenses/wrapped_model.h"
#include "engines/window_loss.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {{"window", 10, 0, 100000, "tokens in a row; 0: the whole text"},
                                     {"nats", 8, 0, 1000, "mean loss above which nothing is answered"}};

constexpr DefenseCard kCard{
    .name = "perplexity_filter",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Answer nothing that no person would write",
    .mitigation = "mitigation.perplexity_filter",
    .reference = "arXiv:2308.14132",
    .settings = kSettings,
};

class FilteredModel : public WrappedModel {
 public:
  FilteredModel(engines::Model& inner, std::size_t window, double nats)
      : WrappedModel(inner), window_(window), nats_(nats) {}

  engines::Abilities Gives() const override {
    const engines::Abilities gives = inner().Gives();
    return gives.Has(Ability::kScores) ? gives : gives.Without({Ability::kGenerate, Ability::kChat});
  }

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    if (!inner().Gives().Has(Ability::kScores))
      return Error{Fault::kUnsupported, "the perplexity filter needs a model that gives scores"};
    engines::GenerateRequest asked = request;
    if (const std::string* question = LastQuestion(asked); question != nullptr) {
      const std::vector<std::string> texts = {*question};
      TRY(scores, inner().Score(texts));
      if (LargestWindowLoss(scores[0], window_) > nats_) return Declined();
    }
    return inner().Generate(request);
  }

 private:
  std::size_t window_;
  double nats_;
};

}  // namespace

DefenseEntry PerplexityFilter() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<FilteredModel>(inner, settings.Count("window"), settings["nats"]);
          }};
}

}  // namespace ringfort::defenses::data_to_model
