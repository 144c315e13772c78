#include "defenses/model_to_data/noisy_embeddings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_data {
namespace {

TEST(BlurVector, RoundsByHand) {
  std::vector<float> vector = {3, -4};  // root mean square 3.5355
  BlurVector(vector, 0, 0.5, 1);
  EXPECT_NEAR(vector[0], 2 * 1.76777, 1e-4);
  EXPECT_NEAR(vector[1], -2 * 1.76777, 1e-4);
}

TEST(BlurVector, NoiseIsAsLargeAsItIsSaid) {
  std::vector<float> vector(20'000, 2);
  BlurVector(vector, 0.25, 0, 7);
  double mean = 0, square = 0;
  for (const float value : vector) {
    mean += (value - 2) / 20'000;
    square += (value - 2) * (value - 2) / 20'000;
  }
  EXPECT_NEAR(mean, 0, 0.02);
  EXPECT_NEAR(std::sqrt(square), 0.5, 0.02);
}

TEST(BlurVector, LeavesNothingAndNoughtAlone) {
  std::vector<float> none, zero(3, 0), same = {1, 2};
  BlurVector(none, 1, 1, 1);
  BlurVector(zero, 1, 1, 1);
  BlurVector(same, 0, 0, 1);
  EXPECT_EQ(zero, std::vector<float>(3, 0));
  EXPECT_EQ(same, (std::vector<float>{1, 2}));
}

TEST(NoisyEmbeddings, TheSameTextGetsTheSameNoiseInAnyCompany) {
  engines::ScriptedModel model;
  const DefenseEntry entry = NoisyEmbeddings();
  const Settings settings = Settings::Checked(entry.card.settings).value();
  const auto defended = std::get<WrapModel>(entry.way)(model, settings, {.seed = 1});
  const auto other = std::get<WrapModel>(entry.way)(model, settings, {.seed = 2});
  const std::vector<std::string> texts = {"one", "two"}, alone = {"two"};
  const engines::Matrix plain = model.Embed(texts).value(), both = defended->Embed(texts).value(),
                        one = defended->Embed(alone).value();
  EXPECT_TRUE(std::ranges::equal(both.Row(1), one.Row(0)));
  EXPECT_FALSE(std::ranges::equal(both.Row(1), plain.Row(1)));
  EXPECT_FALSE(std::ranges::equal(both.Row(1), other->Embed(texts).value().Row(1)));
  EXPECT_FALSE(defended->Gives().Has(engines::Ability::kHiddenStates));
  EXPECT_FALSE(defended->HiddenStates(std::vector<engines::Token>{65}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
