#include "defenses/data_to_model/output_budget.h"

#include <algorithm>

#include "defenses/question_text.h"
#include "defenses/wrapped_model.h"

namespace ringfort::defenses::data_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"tokens", 128, 1, 1000000, "of an answer"},
                                     {"conversation", 512, 0, 1000000000, "of a conversation; 0: no bound"}};

constexpr DefenseCard kCard{
    .name = "output_budget",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Bound what an answer and a conversation may cost",
    .mitigation = "mitigation.output_cap",
    .reference = "arXiv:2006.03463",
    .settings = kSettings,
};

constexpr std::size_t kBytesOfAToken = 4;

class BudgetedModel : public WrappedModel {
 public:
  BudgetedModel(engines::Model& inner, const Settings& settings)
      : WrappedModel(inner), tokens_(settings.Count("tokens")), conversation_(settings.Count("conversation")) {}

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    std::size_t allowed = std::min<std::size_t>(tokens_, request.maximum_tokens);
    if (conversation_ > 0) {
      std::size_t spent = 0;
      for (const engines::ChatMessage& message : request.messages)
        if (message.role == "assistant") spent += (message.content.size() + kBytesOfAToken - 1) / kBytesOfAToken;
      if (spent >= conversation_) return Declined();
      allowed = std::min(allowed, conversation_ - spent);
    }
    engines::GenerateRequest bounded = request;
    bounded.maximum_tokens = static_cast<std::uint32_t>(allowed);
    return inner().Generate(bounded);
  }

 private:
  std::size_t tokens_;
  std::size_t conversation_;
};

}  // namespace

DefenseEntry OutputBudget() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<BudgetedModel>(inner, settings);
          }};
}

}  // namespace ringfort::defenses::data_to_model
