#include "attacks/model_to_data/respelled_inversion.h"

#include <gtest/gtest.h>

#include <set>

#include "attacks/model_to_data/embedding_inversion.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(Respelled, GivesEachNumberAnEndingOfItsOwn) {
  EXPECT_EQ(Respelled("a", 0), "a");
  EXPECT_EQ(Respelled("a", 1), "a ");
  EXPECT_EQ(Respelled("a", 2), "a.");
  EXPECT_EQ(Respelled("a", 4), "a  ");
  std::set<std::string> all;
  for (std::size_t spelling = 0; spelling < 1000; ++spelling) all.insert(Respelled("a", spelling));
  EXPECT_EQ(all.size(), 1000u);
}

class RespelledInversionTest : public testing::Test {
 protected:
  static std::unique_ptr<Attack> Made() {
    const AttackEntry entry = RespelledInversion();
    return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, {{"spellings", 3}}).value());
  }
};

TEST_F(RespelledInversionTest, AsksForEachSpellingAndNoMore) {
  engines::ScriptedModel model;
  Sample sample{.text = "red green blue"};
  for (int i = 0; i < 39; ++i) sample.candidates.push_back(i % 2 == 0 ? "red and green" : "blue and gold");
  for (int i = 0; i < 39; ++i) sample.candidates[i] += " " + std::to_string(i);
  Budget budget(120);
  const auto attempt = Made()->Try(model, sample, budget);
  ASSERT_TRUE(attempt.ok()) << attempt.error().what;
  EXPECT_EQ(budget.queries(), 0u);
  EXPECT_EQ(attempt.value().Number("texts"), 40);
  Budget small(119);
  EXPECT_EQ(Made()->Try(model, sample, small).error().fault, Fault::kLimitExceeded);
}

TEST_F(RespelledInversionTest, SaysWhatItCannotLearnFrom) {
  engines::ScriptedModel model;
  Budget budget;
  EXPECT_EQ(Made()->Try(model, {.text = "alone"}, budget).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
