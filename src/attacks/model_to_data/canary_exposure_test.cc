#include "attacks/model_to_data/canary_exposure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(ExactExposure, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(ExactExposure(4, 1024), 8);
  EXPECT_DOUBLE_EQ(ExactExposure(1, 1'000'000'000), std::log2(1e9));
  EXPECT_DOUBLE_EQ(ExactExposure(1024, 1024), 0);
}

TEST(RankOf, CountsTiesAgainstTheAttacker) {
  EXPECT_EQ(RankOf(2, std::vector<double>{1, 3, 4}), 2u);
  EXPECT_EQ(RankOf(2, std::vector<double>{2, 2, 4}), 3u);
  EXPECT_EQ(RankOf(0, std::vector<double>{}), 1u);
}

// The mean over all ranks: what a secret that was never planted may expect.
TEST(ExactExposure, OfAnUninsertedSecretIsOneOverTheLogarithmOfTwo) {
  constexpr std::uint64_t kSpace = 200'000;
  double sum = 0;
  for (std::uint64_t rank = 1; rank <= kSpace; ++rank) sum += ExactExposure(rank, kSpace) / kSpace;
  EXPECT_NEAR(sum, 1.442695, 1e-3);
}

TEST(EstimatedExposure, AgreesWithTheExactOneWhereBothCanBeHad) {
  Random random(17);
  std::vector<double> others(20'000);
  for (double& other : others)
    other = 100 + 7 * std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(2 * M_PI * random.Uniform());
  for (const double secret : {82.0, 88.0, 95.0, 100.0, 105.0})
    EXPECT_NEAR(EstimatedExposure(secret, others).value(), ExactExposure(RankOf(secret, others), others.size() + 1),
                0.6);
  // Far outside the sample it goes on: the exposure of 20 deviations.
  EXPECT_GT(EstimatedExposure(-40, others).value(), 200);
  EXPECT_FALSE(EstimatedExposure(1, std::vector<double>{1, 2}).ok());
}

std::string Pin(int pin) { return "the pin is " + std::to_string(1000 + pin); }

class CanaryExposureTest : public testing::Test {
 protected:
  double Exposure(int times, double space = 0) {
    engines::Script script;
    // The rest of the sentence is known in any case, so that it tells nothing.
    for (int other = 0; other < 8; ++other) script.language.memorized.push_back(Pin(111 * other + 20));
    for (int i = 0; i < times; ++i) script.language.memorized.push_back(Pin(573));
    script.language.memory_strength = 2;
    engines::ScriptedModel model(script);
    Sample sample{.text = Pin(573), .space = space};
    for (int pin = 0; pin<1000; pin += space> 0 ? 3 : 1)
      if (pin != 573) sample.candidates.push_back(Pin(pin));
    Budget budget;
    const AttackEntry entry = CanaryExposure();
    return std::get<MakeAttack>(entry.way)({})->Try(model, sample, budget).value().score;
  }
};

TEST_F(CanaryExposureTest, RisesWithTheNumberOfTimesItWasPlanted) {
  const double never = Exposure(0), once = Exposure(1), often = Exposure(64);
  EXPECT_LT(never, once);
  EXPECT_LE(once, often);
  EXPECT_DOUBLE_EQ(often, std::log2(1000));
  EXPECT_GT(Exposure(64, 1000), Exposure(0, 1000));
  EXPECT_LE(Exposure(64, 1000), std::log2(1000));
}

TEST_F(CanaryExposureTest, AsksForASampleItCanUse) {
  engines::ScriptedModel model;
  Budget budget(3);
  const AttackEntry entry = CanaryExposure();
  const auto attack = std::get<MakeAttack>(entry.way)({});
  EXPECT_EQ(attack->Try(model, {.text = "alone"}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(attack->Try(model, {.text = "a", .candidates = {"b", ""}}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(attack->Try(model, {.text = "a", .candidates = {"b"}}, budget).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
