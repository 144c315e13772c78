#include "attacks/data_to_model/preference_guided.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/answering_model_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(PreferredOf, IsTheFirstLetterThatStandsAlone) {
  EXPECT_EQ(PreferredOf("B."), 'B');
  EXPECT_EQ(PreferredOf("I would choose (A), not B"), 'A');
  EXPECT_EQ(PreferredOf("Both"), std::nullopt);
  EXPECT_EQ(PreferredOf(""), std::nullopt);
}

TEST(PreferenceGuided, ClimbsOnWhatTheTargetSaysOfTwoWordings) {
  int found = 0;
  double torn = 0;
  for (double seed = 1; seed <= 10; ++seed) {
    engines::RefusingModel model(engines::Keeping(engines::Weakness::kPersuasion));
    Budget budget;
    const auto attempt =
        Make(PreferenceGuided(), {{"seed", seed}, {"steps", 100}})->Try(model, Secret(), budget).value();
    found += attempt.produced == Secret().candidates[0] ? 1 : 0;
    EXPECT_GE(attempt.Number("kept"), 1);
    torn += attempt.Number("torn") / 10;
  }
  EXPECT_GE(found, 8);
  EXPECT_GT(torn, 0.2) << "equally persuasive: whatever stands first";
}

TEST(PreferenceGuided, KeepsNothingThatOnlyStoodSecond) {
  engines::AnsweringModel model([](const std::string& last, const auto&) -> std::string {
    return last.starts_with("Which of these two") ? "B" : "I'm sorry, but I cannot help with that.";
  });
  Budget budget;
  const auto attempt = Make(PreferenceGuided(), {{"steps", 5}})->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.Number("kept"), 0);
  EXPECT_EQ(attempt.Number("torn"), 1);
}

TEST(PreferenceGuided, StandsStillWhereTheTargetAlwaysSaysTheFirst) {
  int asked = 0;
  engines::AnsweringModel model([&](const std::string& last, const auto&) -> std::string {
    if (last.starts_with("Which of these two")) return "A";
    ++asked;
    return "I'm sorry, but I cannot help with that.";
  });
  Budget budget;
  const auto attempt = Make(PreferenceGuided(), {{"steps", 20}})->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.Number("torn"), 1);
  EXPECT_EQ(attempt.Number("kept"), 0);
  EXPECT_EQ(attempt.Number("questions"), 41);
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
