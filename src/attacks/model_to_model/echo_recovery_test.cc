#include "attacks/model_to_model/echo_recovery.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_model {
namespace {

TEST(EchoedLogits, AreTheLogitsLessOneOfThem) {
  engines::ScriptedModel model;
  const std::vector<std::string> prompts = {"the cat ", "a do"};
  const std::vector<engines::Token> tokens = {'a', 'z', '%'};
  Budget budget(8);
  const auto echoed = EchoedLogits(model, prompts, tokens, 'q', budget);
  ASSERT_TRUE(echoed.ok()) << echoed.error().what;
  EXPECT_EQ(budget.queries(), 0u);
  for (std::size_t row = 0; row < prompts.size(); ++row) {
    const auto cut = model.Tokenize(prompts[row]).value();
    const auto logits = model.Logits(cut).value();
    const auto last = logits.Row(logits.rows - 1);
    for (std::size_t i = 0; i < tokens.size(); ++i)
      EXPECT_NEAR(echoed.value().At(row, i), static_cast<double>(last[tokens[i]]) - static_cast<double>(last['q']),
                  1e-4);
  }
}

class EchoRecoveryTest : public testing::Test {
 protected:
  static Sample Texts() {
    Sample sample{.text = "nobody knows this one"};
    for (int i = 0; i < 60; ++i) sample.candidates.push_back("it was said " + std::to_string(i * 7919));
    return sample;
  }
  static std::unique_ptr<Attack> Made(const Settings::Given& given = {}) {
    const AttackEntry entry = EchoRecovery();
    return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, given).value());
  }
};

TEST_F(EchoRecoveryTest, FindsTheDimensionWithoutABias) {
  engines::Script script;
  script.language.hidden_dimension = 12;
  script.gives = {engines::Ability::kTokens, engines::Ability::kScores};
  engines::ScriptedModel model(script);
  Budget budget;
  const auto attempt = Made()->Try(model, Texts(), budget);
  ASSERT_TRUE(attempt.ok()) << attempt.error().what;
  EXPECT_EQ(attempt.value().score, 12);
}

TEST_F(EchoRecoveryTest, FewerRowsThanTheDimensionShowNothing) {
  engines::Script script;
  script.language.hidden_dimension = 40;
  engines::ScriptedModel model(script);
  Budget budget;
  EXPECT_EQ(Made({{"rows", 30}})->Try(model, Texts(), budget).value().score, 0);
}

TEST_F(EchoRecoveryTest, AsksForSamplesItCanUseAndKeepsToTheBudget) {
  engines::ScriptedModel model;
  Budget budget(100);
  EXPECT_EQ(Made()->Try(model, {.text = "alone"}, budget).error().fault, Fault::kInvalidInput);
  Sample alike{.text = "the same"};
  alike.candidates.assign(20, "the same");
  EXPECT_EQ(Made()->Try(model, alike, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(budget.queries(), 100u);
  EXPECT_EQ(Made()->Try(model, Texts(), budget).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
