#include "defenses/model_to_data/private_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "defenses/dp_accountant.h"

namespace ringfort::defenses::model_to_data {
namespace {

TEST(PrivateTraining, PlansTheNoiseThatKeepsTheBudget) {
  const auto plan = PlanPrivateTraining(600, 16, 20, 8, 1e-5);
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  EXPECT_NEAR(plan.value().rate, 0.02667, 1e-5);
  EXPECT_EQ(plan.value().steps, 760U);  // 38 steps an epoch
  const auto spent = [&](double noise) {
    return SpentByTraining(plan.value().rate, noise, 760, 1e-5, Conversion::kTighter).value().epsilon;
  };
  EXPECT_LE(spent(plan.value().noise), 8.0001);
  EXPECT_GT(spent(plan.value().noise * 0.99), 8);  // no more noise than needed
}

TEST(PrivateTraining, NeedsMoreNoiseForLessBudget) {
  const auto noise = [](double epsilon) { return PlanPrivateTraining(600, 16, 20, epsilon, 1e-5).value().noise; };
  EXPECT_GT(noise(0.5), noise(1));
  EXPECT_GT(noise(1), noise(8));
}

// By hand: (e - 1 + 2e-5) / (e + 1).
TEST(PrivateTraining, BoundsTheAdvantage) {
  EXPECT_NEAR(MostAdvantage(1, 1e-5), (std::exp(1.0) - 1 + 2e-5) / (std::exp(1.0) + 1), 1e-12);
  EXPECT_NEAR(MostAdvantage(0, 0), 0, 1e-15);
  EXPECT_NEAR(MostAdvantage(0, 0.1), 0.1, 1e-15);
  EXPECT_NEAR(MostAdvantage(2000, 1e-5), 1, 1e-12);
}

TEST(PrivateTraining, RefusesWhatIsNoPlan) {
  for (const auto& plan : {PlanPrivateTraining(0, 16, 20, 8, 1e-5), PlanPrivateTraining(600, 0, 20, 8, 1e-5),
                           PlanPrivateTraining(600, 16, 0, 8, 1e-5), PlanPrivateTraining(600, 16, 20, 0, 1e-5),
                           PlanPrivateTraining(600, 16, 20, 8, 1), PlanPrivateTraining(600, 16, 20, NAN, 1e-5)}) {
    ASSERT_FALSE(plan.ok());
    EXPECT_THAT(plan.error().what, testing::HasSubstr("no plan"));
  }
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
