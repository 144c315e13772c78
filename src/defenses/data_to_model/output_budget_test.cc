#include "defenses/data_to_model/output_budget.h"

#include <gtest/gtest.h>

#include "defenses/question_text.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

std::unique_ptr<engines::Model> Around(engines::Model& model, const Settings::Given& given = {}) {
  const DefenseEntry entry = OutputBudget();
  return std::get<WrapModel>(entry.way)(model, Settings::Checked(entry.card.settings, given).value(), {});
}

TEST(OutputBudget, CutsAnAnswerAndLeavesAShortOne) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kTalkative));
  const auto bounded = Around(model, {{"tokens", 64}});
  const auto cut = bounded->Generate({.prompt = "do not stop", .maximum_tokens = 500}).value();
  EXPECT_EQ(cut.tokens.size(), 64u);
  EXPECT_EQ(cut.finish, engines::FinishReason::kLength);
  EXPECT_EQ(bounded->Generate({.prompt = "do not stop", .maximum_tokens = 10}).value().tokens.size(), 10u);
  EXPECT_EQ(bounded->Generate({.prompt = "well?", .maximum_tokens = 500}).value().text,
            engines::RefusingModel::kSmallTalk);
}

TEST(OutputBudget, AConversationGetsItsShareAndNoMore) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kTalkative));
  const auto bounded = Around(model, {{"tokens", 64}, {"conversation", 100}});
  engines::GenerateRequest request{.maximum_tokens = 500};
  request.messages = {{"user", "do not stop"}, {"assistant", std::string(200, 'x')}, {"user", "go on"}};
  EXPECT_EQ(bounded->Generate(request).value().tokens.size(), 50u) << "200 bytes are 50 tokens";
  request.messages[1].content.resize(400, 'x');
  EXPECT_EQ(bounded->Generate(request).value().text, kDeclined);
  EXPECT_EQ(Around(model, {{"tokens", 64}, {"conversation", 0}})->Generate(request).value().tokens.size(), 64u);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
