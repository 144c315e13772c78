#include "attacks/model_to_data/piecewise_extraction.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

std::unique_ptr<Attack> Make(double piece, double distance) {
  const AttackEntry entry = PiecewiseExtraction();
  return std::get<MakeAttack>(entry.way)(
      Settings::Checked(entry.card.settings, {{"prefix", 20}, {"suffix", 20}, {"piece", piece}, {"distance", distance}})
          .value());
}

TEST(Misspelled, PutsALetterBeforeTheLastOnes) {
  EXPECT_EQ(Misspelled("The key is under the s", 8), "The key is uxnder the s");
  EXPECT_EQ(Misspelled("abc", 2), "axbc");
  EXPECT_EQ(Misspelled("abc", 9), "xabc");
  EXPECT_EQ(Misspelled("axc", 2), "aqxc") << "a second x would be the same text";
  EXPECT_EQ(Misspelled("a.b.c", 2), "a.xb.c") << "only letters count";
  EXPECT_EQ(Misspelled("", 3), "x");
  EXPECT_EQ(Misspelled("a\xC3\xA9", 1), "ax\xC3\xA9") << "not into a character";
}

TEST(PiecewiseExtraction, SetsTheTextTogetherFromPieces) {
  const std::string member = "the quick brown fox jumps over the lazy dog.";
  engines::Script script;
  script.language.memorized = {member};
  engines::ScriptedModel model(script);
  Budget budget;
  const auto attempt = Make(6, 8)->Try(model, {.text = member}, budget).value();
  EXPECT_EQ(attempt.prompt, member.substr(0, 20));
  EXPECT_EQ(attempt.produced, member.substr(20, 20));
  EXPECT_EQ(attempt.expected, attempt.produced);
  EXPECT_EQ(attempt.score, 1);
  EXPECT_EQ(attempt.Number("questions"), 4) << "6 + 6 + 6 + 2";
  EXPECT_EQ(model.Used().queries, 4u);
}

TEST(PiecewiseExtraction, AModelThatDoesNotKnowTheTextTellsOther) {
  engines::ScriptedModel model;
  Budget budget;
  EXPECT_LT(Make(6, 8)->Try(model, {.text = "the quick brown fox jumps over the lazy dog."}, budget).value().score,
            0.3);
}

TEST(PiecewiseExtraction, RefusesWhatIsTooShortAndKeepsToTheBudget) {
  engines::ScriptedModel model;
  Budget none(0), two(2);
  EXPECT_EQ(Make(6, 8)->Try(model, {.text = "short"}, none).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(Make(6, 8)->Try(model, {.text = std::string(50, 'a')}, two).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(model.Used().queries, 2u);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
