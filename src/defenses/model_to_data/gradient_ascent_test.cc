#include "defenses/model_to_data/gradient_ascent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "defenses/model_to_data/unlearning_sample_internal.h"

namespace ringfort::defenses::model_to_data {
namespace {

Sequences Both(const Sequences& a, const Sequences& b) {
  Sequences both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

TEST(GradientAscent, ForgetsAndRetains) {
  const Sequences forget = RandomSequences(6, 1), retain = RandomSequences(6, 2), never = RandomSequences(6, 3);
  const auto network = NetworkThatKnows(Both(forget, retain));
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  const double unseen = engines::MeanLoss(*network, never).value();
  ASSERT_LT(engines::MeanLoss(*network, forget).value(), 0.3);
  const auto report = UnlearnByAscent(*network, forget, retain, {.steps = 80, .learning_rate = 1e-3, .target = unseen});
  ASSERT_TRUE(report.ok()) << report.error().what;
  EXPECT_LT(report.value().forget_before, 0.3);
  EXPECT_GT(report.value().forget_after, 2);
  EXPECT_LT(report.value().retain_after, 0.5);
  EXPECT_NEAR(report.value().forget_after, engines::MeanLoss(*network, forget).value(), 1e-9);
  // The brake: it neither pushed in every step nor ran far past texts that it never saw.
  EXPECT_LT(report.value().steps, 80U);
  EXPECT_LT(report.value().forget_after, 2 * unseen);
}

TEST(GradientAscent, PushesNothingThatIsUnknownAlready) {
  const Sequences retain = RandomSequences(6, 2), never = RandomSequences(6, 3);
  const auto network = NetworkThatKnows(retain);
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  const auto report = UnlearnByAscent(*network, never, retain, {.steps = 5, .target = 0.5});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().steps, 0U);
}

TEST(GradientAscent, RefusesWhatCannotBe) {
  const Sequences texts = RandomSequences(2, 1);
  const auto network = NetworkThatKnows(texts);
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_THAT(UnlearnByAscent(*network, {}, texts, {}).error().what, testing::HasSubstr("forget"));
  EXPECT_THAT(UnlearnByAscent(*network, texts, {}, {}).error().what, testing::HasSubstr("retain"));
  EXPECT_FALSE(UnlearnByAscent(*network, texts, texts, {.steps = 0}).ok());
  EXPECT_FALSE(UnlearnByAscent(*network, texts, texts, {.target = -1}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
