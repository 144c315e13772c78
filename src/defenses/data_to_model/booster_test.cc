#include "defenses/data_to_model/booster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "defenses/data_to_model/alignment_sample_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::TrainingText;
using engines::WeightGradients;
using testing::ElementsAre;

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
    const auto network = SampleNetwork();
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
  const auto network = SampleNetwork();
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_FALSE(AlignWithBooster(*network, {}, Texts(1, 1), {}).ok());
  EXPECT_FALSE(AlignWithBooster(*network, Texts(1, 1), {}, {}).ok());
  EXPECT_FALSE(AlignWithBooster(*network, Texts(1, 1), Texts(1, 1), {.step = 0}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
