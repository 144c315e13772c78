#include "attacks/model_to_model/logit_bias_recovery.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_model {
namespace {

using engines::Token;

TEST(RecoverLogits, GivesTheLogitsThemselvesUpToTheReference) {
  engines::ScriptedModel model;
  const std::string prompt = "the secret is";
  const auto logits = model.Logits(model.Tokenize(prompt).value()).value();
  const auto row = logits.Row(logits.rows - 1);
  std::vector<Token> tokens;
  for (Token token = 0; token < 256; ++token) tokens.push_back(token);
  const Token reference = 'e';
  for (const std::uint32_t alternatives : {2u, 5u, 20u}) {
    Budget budget(1000);
    const auto recovered = RecoverLogits(model, prompt, tokens, reference, alternatives, 60, budget).value();
    ASSERT_EQ(recovered.size(), tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i)
      EXPECT_NEAR(recovered[i], static_cast<double>(row[i]) - static_cast<double>(row['e']), 1e-4);
    EXPECT_EQ(budget.queries(), 1000 - (255 + alternatives - 2) / (alternatives - 1));
  }
}

// A bias too small to lift a token over the others is doubled until it does.
TEST(RecoverLogits, RaisesABiasThatIsTooSmall) {
  engines::ScriptedModel model;
  Budget budget(1000);
  const std::vector<Token> tokens = {7, 'a', 200};  // 7 and 200 are unlikely by 20 nats
  const auto low = RecoverLogits(model, "the", tokens, 'e', 4, 1, budget).value();
  EXPECT_LT(budget.queries(), 999u);
  const auto high = RecoverLogits(model, "the", tokens, 'e', 4, 100, budget).value();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(low[i], high[i], 1e-4);
}

TEST(RecoverLogits, RefusesWhatCannotWork) {
  engines::ScriptedModel model;
  Budget budget(2);
  const std::vector<Token> tokens = {'a', 'b', 'c', 'd'};
  EXPECT_EQ(RecoverLogits(model, "x", tokens, 'e', 1, 60, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(RecoverLogits(model, "x", tokens, 'e', 2, 60, budget).error().fault, Fault::kLimitExceeded);
  engines::ScriptedModel silent({.gives = {engines::Ability::kGenerate}});
  Budget more(100);
  EXPECT_FALSE(RecoverLogits(silent, "x", tokens, 'e', 2, 60, more).ok());
}

TEST(LogitBiasRecovery, FindsTheHiddenDimensionThroughTheApi) {
  engines::ScriptedModel model({.language = {.hidden_dimension = 12}});
  Sample sample{.text = "a"};
  for (int i = 0; i < 31; ++i) sample.candidates.push_back("prompt " + std::to_string(i * 37 % 101) + "!?;"[i % 3]);
  const AttackEntry entry = LogitBiasRecovery();
  const auto attack =
      std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, {{"alternatives", 20}}).value());
  Budget budget(10'000);
  const Attempt attempt = attack->Try(model, sample, budget).value();
  EXPECT_EQ(attempt.score, 12);
  EXPECT_EQ(attempt.Number("queries"), 32 * 4);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
