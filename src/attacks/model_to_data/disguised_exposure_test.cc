#include "attacks/model_to_data/disguised_exposure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "attacks/model_to_data/canary_exposure.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(SumBeforeEnd, LeavesOutWhatReachesIntoTheTail) {
  engines::TextScore score;
  score.tokens = {{.text = "The", .log_probability = -1},
                  {.text = " pin", .log_probability = -2},
                  {.text = ". the", .log_probability = -4},  // one byte of the text, four of the tail
                  {.text = " way", .log_probability = -8}};
  EXPECT_EQ(SumBeforeEnd(score, 8), -3);
  EXPECT_EQ(SumBeforeEnd(score, 4), -7);
  EXPECT_EQ(SumBeforeEnd(score, 0), -15);
  EXPECT_FALSE(SumBeforeEnd(score, 100).has_value());
  score.cut = true;
  EXPECT_FALSE(SumBeforeEnd(score, 4).has_value());
}

TEST(TailOf, IsAnotherForEachQuestionAndTheSameAgain) {
  std::set<std::string> tails;
  for (std::uint64_t question = 0; question < 200; ++question) tails.insert(TailOf(1, question, 12));
  EXPECT_EQ(tails.size(), 200u);
  EXPECT_EQ(TailOf(1, 7, 12), TailOf(1, 7, 12));
  EXPECT_NE(TailOf(1, 7, 12), TailOf(2, 7, 12));
  EXPECT_TRUE(TailOf(1, 7, 12).starts_with(TailOf(1, 7, 3)));
}

// What follows a text changes nothing of what stands before it.
TEST(DisguisedExposure, FindsWhatTheBareQuestionsFind) {
  engines::Script script;
  for (int i = 0; i < 4; ++i) script.language.memorized.push_back("the pin is 573");
  script.language.memory_strength = 3;
  engines::ScriptedModel model(script);
  Sample sample{.text = "the pin is 573"};
  for (int pin = 0; pin < 200; ++pin) sample.candidates.push_back("the pin is " + std::to_string(600 + pin));
  Budget budget;
  const AttackEntry bare = CanaryExposure(), disguised = DisguisedExposure();
  const auto plain = std::get<MakeAttack>(bare.way)({})->Try(model, sample, budget);
  const auto hidden = std::get<MakeAttack>(disguised.way)(Settings::Checked(disguised.card.settings).value())
                          ->Try(model, sample, budget);
  ASSERT_TRUE(plain.ok() && hidden.ok());
  EXPECT_EQ(hidden.value().score, plain.value().score);
  EXPECT_EQ(hidden.value().score, std::log2(201));
  EXPECT_NEAR(hidden.value().Number("log_perplexity"), plain.value().Number("log_perplexity"), 1e-9);
}

TEST(DisguisedExposure, AsksForASampleItCanUseAndKeepsToTheBudget) {
  engines::ScriptedModel model;
  Budget budget(3);
  const AttackEntry entry = DisguisedExposure();
  const auto attack = std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings).value());
  EXPECT_EQ(attack->Try(model, {.text = "alone"}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(attack->Try(model, {.text = "a", .candidates = {"b", "c", "d"}}, budget).error().fault,
            Fault::kLimitExceeded);
  EXPECT_EQ(attack->Try(model, {.text = "a", .candidates = {std::string(2000, 'b')}}, budget).error().fault,
            Fault::kInvalidInput)
      << "cut by the context";
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
