#include "attacks/model_to_data/personal_data.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(PlaceOfTruth, FollowsTheExampleOfItsHeader) {
  const TruthPlace place = PlaceOfTruth(-9.8, std::vector<double>{-9.1, -14.0});
  EXPECT_EQ(place.rank, 2u);
  EXPECT_NEAR(place.margin, -0.7, 1e-12);
  EXPECT_EQ(PlaceOfTruth(-1, std::vector<double>{-1, -1}).rank, 3u);
}

class PersonalDataTest : public testing::Test {
 protected:
  Result<Attempt> Try(engines::Model& model, const Sample& sample) {
    const AttackEntry entry = PersonalData();
    Budget budget;
    return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings).value())->Try(model, sample, budget);
  }
  const Sample sample_{.text = "Ann Lee lives in Bergen",
                       .candidates = {"Ann Lee lives in Madrid", "Ann Lee lives in Prague", "Ann Lee lives in Lisbon"}};
};

TEST_F(PersonalDataTest, FindsTheValueThatWasLearned) {
  engines::ScriptedModel model({.language = {.memorized = {sample_.text}}});
  const Attempt attempt = Try(model, sample_).value();
  EXPECT_EQ(attempt.score, 1);
  EXPECT_EQ(attempt.produced, sample_.text);
  EXPECT_GT(attempt.Number("margin"), 5);
  engines::ScriptedModel other({.language = {.memorized = {sample_.candidates[1]}}});
  const Attempt wrong = Try(other, sample_).value();
  EXPECT_LT(wrong.score, 1);
  EXPECT_EQ(wrong.produced, sample_.candidates[1]);
}

TEST_F(PersonalDataTest, AsksForASampleItCanUse) {
  engines::ScriptedModel model({.context = 10});
  EXPECT_EQ(Try(model, {.text = "alone"}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(Try(model, sample_).error().what, "a sentence or a candidate could not be scored whole");
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
