#include "defenses/model_to_model/limited_answers.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Ability;

class LimitedAnswersTest : public testing::Test {
 protected:
  std::unique_ptr<engines::Model> Defended(double alternatives) {
    const DefenseEntry entry = LimitedAnswers();
    return std::get<WrapModel>(entry.way)(
        model_, Settings::Checked(entry.card.settings, {{"alternatives", alternatives}}).value(), {});
  }
  engines::ScriptedModel model_;
  const engines::GenerateRequest request_{.prompt = "the", .maximum_tokens = 4, .top_alternatives = 5};
};

TEST_F(LimitedAnswersTest, LeavesTheFirstAlternativesAndTheText) {
  const auto plain = model_.Generate(request_).value(), limited = Defended(2)->Generate(request_).value();
  EXPECT_EQ(limited.text, plain.text);
  for (std::size_t i = 0; i < plain.tokens.size(); ++i) {
    ASSERT_EQ(limited.tokens[i].alternatives.size(), 2u);
    EXPECT_EQ(limited.tokens[i].alternatives[1].token, plain.tokens[i].alternatives[1].token);
  }
}

TEST_F(LimitedAnswersTest, SaysWhatItDoesNotGiveAndKeepsToIt) {
  const auto defended = Defended(0);
  for (const Ability ability : {Ability::kScores, Ability::kLogits, Ability::kHiddenStates, Ability::kTopAlternatives})
    EXPECT_FALSE(defended->Gives().Has(ability)) << Name(ability);
  EXPECT_TRUE(defended->Gives().Has(Ability::kGenerate));
  EXPECT_FALSE(defended->Generate(request_).ok());
  const auto said = defended->Generate({.prompt = "the", .maximum_tokens = 4}).value();
  for (const auto& token : said.tokens) EXPECT_EQ(token.log_probability, 0);
  EXPECT_EQ(defended->Score(std::vector<std::string>{"a"}, false).error().fault, Fault::kUnsupported);
  EXPECT_FALSE(defended->Logits(std::vector<engines::Token>{65}).ok());
  EXPECT_FALSE(defended->HiddenStates(std::vector<engines::Token>{65}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
