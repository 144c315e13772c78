#include "engines/window_loss.h"

#include <gtest/gtest.h>

namespace ringfort::engines {
namespace {

TEST(LargestWindowLoss, IsTheMeanOfTheMostSurprisingStretch) {
  TextScore score;
  for (const double loss : {1.0, 1.0, 1.0, 6.0, 8.0, 1.0}) score.tokens.push_back({.log_probability = -loss});
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 2), 7);
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 1), 8);
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 0), 3);
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 6), 3);
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 100), 3);
  EXPECT_DOUBLE_EQ(LargestWindowLoss(score, 5), 17.0 / 5);
  EXPECT_EQ(LargestWindowLoss({}, 2), 0);
}

}  // namespace
}  // namespace ringfort::engines
