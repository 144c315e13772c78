#include "attacks/model_to_data/discoverable_memorization.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

std::unique_ptr<Attack> Made(double prefix, double suffix) {
  const AttackEntry entry = DiscoverableMemorization();
  return std::get<MakeAttack>(entry.way)(
      Settings::Checked(entry.card.settings, {{"prefix", prefix}, {"suffix", suffix}}).value());
}

TEST(AgreeingTokens, FollowsTheExampleOfItsHeader) {
  using Tokens = std::vector<engines::Token>;
  EXPECT_EQ(AgreeingTokens(Tokens{4, 5, 10}, Tokens{4, 5, 6}), 2u);
  EXPECT_EQ(AgreeingTokens(Tokens{4, 5}, Tokens{4, 5, 6}), 2u);
  EXPECT_EQ(AgreeingTokens(Tokens{9, 5, 6}, Tokens{4, 5, 6}), 0u);
  EXPECT_EQ(AgreeingTokens(Tokens{}, Tokens{}), 0u);
}

const std::string kSeen = "the harbor master keeps the blue key under a stone";

TEST(DiscoverableMemorization, FindsWhatTheModelKnowsByHeart) {
  engines::ScriptedModel model({.language = {.memorized = {kSeen}}});
  Budget budget;
  const auto attack = Made(12, 30);
  const Attempt seen = attack->Try(model, {.text = kSeen}, budget).value();
  EXPECT_EQ(seen.score, 1);
  EXPECT_EQ(seen.prompt, kSeen.substr(0, 12));
  EXPECT_EQ(seen.produced, kSeen.substr(12, 30));
  EXPECT_EQ(seen.expected, seen.produced);
  const Attempt unseen =
      attack->Try(model, {.text = "a quiet garden behind the school, where nobody ever comes"}, budget).value();
  EXPECT_LT(unseen.score, 0.3);
}

TEST(DiscoverableMemorization, ChargesTheBudgetAndSaysWhatItCannotUse) {
  engines::ScriptedModel model;
  Budget budget(1, 1000);
  const auto attack = Made(12, 30);
  EXPECT_EQ(attack->Try(model, {.text = "short"}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(budget.queries(), 1u);
  EXPECT_TRUE(attack->Try(model, {.text = kSeen}, budget).ok());
  EXPECT_LT(budget.tokens(), 1000u);
  EXPECT_EQ(attack->Try(model, {.text = kSeen}, budget).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
