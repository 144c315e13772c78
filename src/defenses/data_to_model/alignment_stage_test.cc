#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "defenses/data_to_model/booster.h"
#include "defenses/data_to_model/vaccine.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

// Vaccine and Booster: defenses that work before anybody tunes.

namespace ringfort::defenses::data_to_model {
namespace {

using engines::Token;
using engines::TrainingText;
using engines::WeightGradients;
using testing::ElementsAre;

std::vector<TrainingText> Texts(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<TrainingText> texts(count);
  for (TrainingText& text : texts) {
    text.tokens.push_back(1);
    for (int i = 0; i < 8; ++i) text.tokens.push_back(static_cast<Token>(3 + random.Below(250)));
  }
  return texts;
}

double Loss(engines::Network& network, const std::vector<TrainingText>& texts) {
  return network.GradientOfWeights(texts, {}).value().loss;
}

std::unique_ptr<engines::Network> Sample() {
  auto made = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  return made.ok() ? std::move(made).value() : nullptr;
}

TEST(Vaccine, AlignsAndBearsShiftsBetterThanPlainAlignment) {
  const std::vector<TrainingText> alignment = Texts(6, 1);
  const auto aligned = [&](double perturbation) {
    auto network = Sample();
    if (network == nullptr) return network;
    EXPECT_TRUE(AlignWithVaccine(*network, alignment,
                                 {.steps = 60, .batch = 6, .learning_rate = 5e-3, .perturbation = perturbation})
                    .ok());
    return network;
  };
  const auto plain = aligned(0), hardened = aligned(2);
  if (plain == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_LT(Loss(*plain, alignment), 1);
  EXPECT_LT(Loss(*hardened, alignment), 4);
  // The loss under the shifts that hurt each most, as a step tells it.
  const auto shifted = [&](engines::Network& network) {
    return network.Train(alignment, {.learning_rate = 1e-9, .perturbation = 2}).value().loss;
  };
  EXPECT_LT(shifted(*hardened), shifted(*plain));
}

TEST(Vaccine, RefusesWhatCannotBe) {
  const auto network = Sample();
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_FALSE(AlignWithVaccine(*network, {}, {}).ok());
  EXPECT_FALSE(AlignWithVaccine(*network, Texts(1, 1), {.steps = 0}).ok());
  EXPECT_FALSE(AlignWithVaccine(*network, Texts(1, 1), {.perturbation = -1}).ok());
}

TEST(Booster, TheExampleOfTheHeader) {
  const auto one = [](float value) { return WeightGradients{.gradients = {{"w", {{1}, {value}}}}}; };
  EXPECT_THAT(BoosterGradient(one(1), one(4), one(3), 5).value().gradients.at("w").values, ElementsAre(6));
  EXPECT_FALSE(BoosterGradient(one(1), {}, one(3), 5).ok());
  EXPECT_FALSE(BoosterGradient(one(1), one(4), {.gradients = {{"w", {{2}, {1, 2}}}}}, 5).ok());
}

// After as many steps, a harmful step of the same length takes the harmful loss down less than it does after
// plain alignment.
TEST(Booster, WeakensAHarmfulStep) {
  const std::vector<TrainingText> alignment = Texts(6, 1), harmful = Texts(6, 2);
  const auto drop = [&](double weight) -> double {
    const auto network = Sample();
    if (network == nullptr) return std::nan("");
    const auto report = AlignWithBooster(
        *network, alignment, harmful, {.steps = 40, .batch = 6, .learning_rate = 5e-3, .weight = weight, .step = 0.5});
    EXPECT_TRUE(report.ok());
    EXPECT_LT(report.value().alignment_loss, 3);
    return report.value().harmful_drop;
  };
  const double plain = drop(0), boosted = drop(5);
  if (std::isnan(plain)) GTEST_SKIP() << "built without libtorch";
  EXPECT_GT(plain, 0);
  EXPECT_LT(boosted, 0.8 * plain);
}

TEST(Booster, RefusesWhatCannotBe) {
  const auto network = Sample();
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_FALSE(AlignWithBooster(*network, {}, Texts(1, 1), {}).ok());
  EXPECT_FALSE(AlignWithBooster(*network, Texts(1, 1), {}, {}).ok());
  EXPECT_FALSE(AlignWithBooster(*network, Texts(1, 1), Texts(1, 1), {.step = 0}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
