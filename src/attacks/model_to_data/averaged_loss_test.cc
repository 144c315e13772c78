#include "attacks/model_to_data/averaged_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

std::unique_ptr<Attack> Make(double questions) {
  const AttackEntry entry = AveragedLoss();
  return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, {{"questions", questions}}).value());
}

TEST(AveragedLoss, FollowsTheExampleOfItsHeader) {
  engines::Script script;
  script.scores = {{"ab", engines::ScriptedScores(std::vector<double>{-9, -2.3})},
                   {OpeningOf(1) + "ab", engines::ScriptedScores(std::vector<double>{-1, -1, -1, -1, -2.0, -1.6})}};
  for (auto& [text, score] : script.scores)
    for (std::size_t i = 0; i < score.tokens.size(); ++i)
      score.tokens[i].text = text.substr(text.size() - score.tokens.size() + i, 1);
  engines::ScriptedModel model(script);
  Budget budget;
  const auto attempt = Make(2)->Try(model, {.text = "ab"}, budget);
  ASSERT_TRUE(attempt.ok()) << attempt.error().what;
  EXPECT_NEAR(attempt.value().score, ((-9 - 2.3) / 2 + (-2.0 - 1.6) / 2) / 2, 1e-12);
  EXPECT_EQ(attempt.value().Number("questions"), 2);
}

TEST(AveragedLoss, OneQuestionIsTheLoss) {
  engines::ScriptedModel model;
  Budget budget;
  const std::vector<std::string> texts = {"some text of no fame"};
  EXPECT_NEAR(Make(1)->Try(model, {.text = texts[0]}, budget).value().score, model.Score(texts).value()[0].Mean(),
              1e-12);
}

TEST(AveragedLoss, KeepsToTheBudget) {
  engines::ScriptedModel model;
  Budget budget(15);
  EXPECT_EQ(Make(16)->Try(model, {.text = "a"}, budget).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(model.Used().queries, 0u);
  Budget enough(16);
  EXPECT_TRUE(Make(16)->Try(model, {.text = "a"}, enough).ok());
  EXPECT_EQ(enough.queries(), 0u);
}

TEST(AveragedLoss, ATextOfNothingHasNoScore) {
  engines::ScriptedModel model;
  Budget budget;
  EXPECT_EQ(Make(3)->Try(model, {}, budget).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
