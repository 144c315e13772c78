#include "attacks/model_to_data/generate_and_rank.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(TrigramOverlap, CountsSharedRunsOfThreeWords) {
  EXPECT_DOUBLE_EQ(TrigramOverlap("a b c d", "A b c, d"), 1);
  EXPECT_DOUBLE_EQ(TrigramOverlap("a b c d", "x b c d"), 0.5);
  EXPECT_DOUBLE_EQ(TrigramOverlap("a b c", "c b a"), 0);
  EXPECT_DOUBLE_EQ(TrigramOverlap("a b c d e f", "b c d"), 1);  // of the shorter one
  EXPECT_DOUBLE_EQ(TrigramOverlap("", ""), 1);
  EXPECT_DOUBLE_EQ(TrigramOverlap("a", "b"), 0);
}

TEST(DistinctBestFirst, DropsCopiesOfBetterTexts) {
  const std::vector<RankedText> texts = {
      {"one two three four", -2}, {"five six seven eight", -1}, {"zero one two three four", -3}, {"nine ten", -9}};
  const auto kept = DistinctBestFirst(texts);
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].text, "five six seven eight");
  EXPECT_EQ(kept[1].text, "one two three four");
  EXPECT_EQ(kept[2].text, "nine ten");
  EXPECT_EQ(DistinctBestFirst(texts, 1).size(), 4u);
}

TEST(GenerateAndRank, WhatIsKnownByHeartComesOutOnTop) {
  const std::string seen = "the harbor master keeps the blue key";
  engines::ScriptedModel model({.language = {.memorized = {seen, seen, seen}}});
  const AttackEntry entry = GenerateAndRank();
  const auto attack = std::get<MakeAttack>(entry.way)(
      Settings::Checked(entry.card.settings, {{"tokens", 28}, {"temperature", 0.7}}).value());
  Budget budget(100);
  const Attempt known = attack->Try(model, {.text = "the harb"}, budget).value();
  const Attempt other = attack->Try(model, {.text = "zq vbx "}, budget).value();
  EXPECT_EQ(known.produced, seen.substr(8));
  EXPECT_GT(known.Number("mean_log_probability"), other.Number("mean_log_probability") + 1);
  EXPECT_GT(known.score, other.score);
  EXPECT_EQ(budget.queries(), 100u - 2 * 3);
  EXPECT_EQ(attack->Try(model, {.text = "the harb"}, budget).value().produced, known.produced);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
