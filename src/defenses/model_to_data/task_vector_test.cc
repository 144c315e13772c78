#include "defenses/model_to_data/task_vector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "defenses/model_to_data/unlearning_sample_internal.h"

namespace ringfort::defenses::model_to_data {
namespace {

// The header's example.
TEST(TaskVector, GoesTheOtherWay) {
  const std::map<std::string, engines::WeightTensor> before = {{"w", {{2}, {0.50F, 1.0F}}}},
                                                     after = {{"w", {{2}, {0.58F, 0.9F}}}};
  const auto moved = Negate(before, after, 1);
  ASSERT_TRUE(moved.ok());
  EXPECT_NEAR(moved.value().at("w").values[0], 0.42, 1e-6);
  EXPECT_NEAR(moved.value().at("w").values[1], 1.1, 1e-6);
  EXPECT_EQ(Negate(before, after, 0).value(), before);
}

TEST(TaskVector, RefusesOtherTensors) {
  const std::map<std::string, engines::WeightTensor> one = {{"w", {{1}, {1}}}}, other = {{"v", {{1}, {1}}}},
                                                     wide = {{"w", {{2}, {1, 2}}}};
  EXPECT_FALSE(Negate(one, other, 1).ok());
  EXPECT_FALSE(Negate(one, wide, 1).ok());
  EXPECT_FALSE(Negate(one, {}, 1).ok());
}

TEST(TaskVector, ForgetsWhatItLearned) {
  const Sequences forget = RandomSequences(6, 1), retain = RandomSequences(6, 2);
  Sequences both = forget;
  both.insert(both.end(), retain.begin(), retain.end());
  const auto network = NetworkThatKnows(both);
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  const auto report = UnlearnByTaskVector(*network, forget, retain, {.epochs = 10, .learning_rate = 3e-3, .scale = 1});
  ASSERT_TRUE(report.ok()) << report.error().what;
  EXPECT_EQ(report.value().steps, 10U);
  EXPECT_GT(report.value().forget_after, report.value().forget_before + 0.3);
  // It forgets these more than the others.
  EXPECT_GT(report.value().forget_after - report.value().forget_before,
            report.value().retain_after - report.value().retain_before);
  EXPECT_FALSE(UnlearnByTaskVector(*network, {}, retain, {}).ok());
  EXPECT_FALSE(UnlearnByTaskVector(*network, forget, retain, {.epochs = 0}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
