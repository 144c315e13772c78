#include "defenses/model_to_data/early_stop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

namespace ringfort::defenses::model_to_data {
namespace {

// The number of epochs after which it was enough; 0 if it never was.
std::size_t EndOf(EarlyStop& stop, std::initializer_list<double> losses) {
  std::size_t epochs = 0;
  for (const double loss : losses) {
    stop.Tell(loss);
    ++epochs;
    if (stop.enough()) return epochs;
  }
  return 0;
}

TEST(EarlyStop, FollowsTheExampleOfItsHeader) {
  EarlyStop stop(2);
  EXPECT_EQ(EndOf(stop, {4.6, 4.4, 4.5, 4.45, 4.0}), 4u);
  EXPECT_EQ(stop.best(), 1u);
}

TEST(EarlyStop, ANewBestForgivesWhatWasWorse) {
  EarlyStop stop(2);
  EXPECT_EQ(EndOf(stop, {5, 6, 4, 6, 3, 6, 2}), 0u);
  EXPECT_EQ(stop.best(), 6u);
}

TEST(EarlyStop, AsGoodAsTheBestIsNoNewBest) {
  EarlyStop stop(1);
  EXPECT_TRUE(stop.Tell(2));
  EXPECT_FALSE(stop.Tell(2));
  EXPECT_TRUE(stop.enough());
  EXPECT_EQ(stop.best(), 0u);
}

TEST(EarlyStop, WithoutPatienceNothingIsEnough) {
  EarlyStop stop(0);
  EXPECT_EQ(EndOf(stop, {1, 2, 3, 4, 5}), 0u);
  EXPECT_EQ(stop.best(), 0u);
}

TEST(EarlyStop, ALossThatIsNoNumberIsNeverTheBest) {
  EarlyStop stop(3);
  EXPECT_FALSE(stop.Tell(std::nan("")));
  EXPECT_TRUE(stop.Tell(7));
  EXPECT_FALSE(stop.Tell(std::nan("")));
  EXPECT_EQ(stop.best(), 1u);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
