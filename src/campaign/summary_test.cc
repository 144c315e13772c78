#include "campaign/summary.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "statistics/receiver_operating_curve.h"

namespace ringfort::campaign {
namespace {

TEST(DetectableAuroc, ShrinksWithTheRootOfTheTexts) {
  // (1.95996 + 0.84162) sqrt(2001 / (12 * 1e6))
  EXPECT_NEAR(DetectableAuroc(1000, 1000), 0.5362, 0.0001);
  EXPECT_EQ(DetectableAuroc(0, 1000), 1);
  EXPECT_EQ(DetectableAuroc(1, 1), 1);
}

// Where nothing is to be told, one time in twenty is called something: the deviation
// that the formula stands on is that of drawn areas.
TEST(DetectableAuroc, StandsOnTheSpreadOfAreasThatShowNothing) {
  Random random(5);
  constexpr std::size_t kSize = 40;
  const double limit = (DetectableAuroc(kSize, kSize) - 0.5) / (1.95996 + 0.84162) * 1.95996;
  int called = 0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> positives(kSize), negatives(kSize);
    for (double& score : positives) score = random.Uniform();
    for (double& score : negatives) score = random.Uniform();
    const double area = statistics::ReceiverOperatingCurve::FromScores(positives, negatives).value().Area();
    called += std::abs(area - 0.5) > limit ? 1 : 0;
  }
  EXPECT_NEAR(called / double{kRounds}, 0.05, 0.012);
}

}  // namespace
}  // namespace ringfort::campaign
