#include "attacks/model_to_data/continuation_agreement.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

std::unique_ptr<Attack> Make(double places, double tokens) {
  const AttackEntry entry = ContinuationAgreement();
  return std::get<MakeAttack>(entry.way)(
      Settings::Checked(entry.card.settings, {{"places", places}, {"tokens", tokens}}).value());
}

TEST(AgreeingShare, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(AgreeingShare("sat on a", "sat on th"), 7.0 / 9);
  EXPECT_DOUBLE_EQ(AgreeingShare("the sofa", "the mat"), 4.0 / 7);
  EXPECT_EQ(AgreeingShare("more than was expected", "more"), 1);
  EXPECT_EQ(AgreeingShare("", "a"), 0);
  EXPECT_EQ(AgreeingShare("a", ""), 0);
}

TEST(ContinuationAgreement, KnowsWhatWasLearnedByHeart) {
  const std::string member = "the quick brown fox jumps over", other = "a stitch in time saves nine at";
  engines::Script script;
  script.language.memorized = {member};
  engines::ScriptedModel model(script);
  Budget budget(8);
  const auto attack = Make(4, 5);
  EXPECT_GT(attack->Try(model, {.text = member}, budget).value().score, 0.9);
  EXPECT_LT(attack->Try(model, {.text = other}, budget).value().score, 0.3);
  EXPECT_EQ(budget.queries(), 0u);
  EXPECT_EQ(attack->Try(model, {.text = member}, budget).error().fault, Fault::kLimitExceeded);
}

TEST(ContinuationAgreement, ShortTextsAreCutWhereTheyCanBe) {
  engines::ScriptedModel model;
  Budget budget;
  EXPECT_EQ(Make(4, 5)->Try(model, {.text = "a"}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(Make(100, 5)->Try(model, {.text = "abc"}, budget).value().Number("places"), 2);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
