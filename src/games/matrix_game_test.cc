#include "games/matrix_game.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "games/payoff.h"
#include "games/solution.h"

namespace ringfort::games {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(MatrixGame, RefusesWhatIsNoGame) {
  EXPECT_THAT(MatrixGame::Make(0, 2, {}).error().what, HasSubstr("row player has no action"));
  EXPECT_THAT(MatrixGame::Make(2, 0, {}).error().what, HasSubstr("column player has no action"));
  EXPECT_THAT(MatrixGame::Make(2, 2, {1, 2, 3}).error().what, HasSubstr("3 payoffs for 2 rows"));
  EXPECT_THAT(MatrixGame::Make(2, 2, {1, 2, 3, std::nan("")}).error().what,
              HasSubstr("row 2, column 2 is not a number"));
  EXPECT_THAT(MatrixGame::Make(1, 2, {1, std::numeric_limits<double>::infinity()}).error().what, HasSubstr("infinite"));
  EXPECT_THAT(MatrixGame::Make(1, 2, {1, -1e101}).error().what, HasSubstr("beyond"));
  EXPECT_EQ(MatrixGame::Make(std::numeric_limits<std::size_t>::max(), 3, {}).error().fault, Fault::kLimitExceeded);
}

TEST(MatrixGame, Yields) {
  const MatrixGame game = MatrixGame::Make(2, 3, {1, 2, 3, 4, 5, 6}).value();
  EXPECT_THAT(game.RowYields(std::vector<double>{1, 0, 2}), ElementsAre(7, 16));
  EXPECT_THAT(game.ColumnYields(std::vector<double>{1, 2}), ElementsAre(9, 12, 15));
  EXPECT_THAT(game.Restricted(std::vector<std::uint32_t>{1}, std::vector<std::uint32_t>{2, 0}).payoffs(),
              ElementsAre(6, 4));
  EXPECT_EQ(game.range(), 5);
}

TEST(Certify, ClipsAndScalesWhateverItGets) {
  const MatrixGame pennies = MatrixGame::Make(2, 2, {1, -1, -1, 1}).value();
  const Solution good = Certify(pennies, {2, 2}, {0.1, 0.1});
  EXPECT_THAT(good.row, ElementsAre(0.5, 0.5));
  EXPECT_LE(good.low, 0);
  EXPECT_GE(good.high, 0);
  EXPECT_LE(good.gap(), 1e-14);
  const Solution clipped = Certify(pennies, {-3, 1}, {std::nan(""), std::nan("")});
  EXPECT_THAT(clipped.row, ElementsAre(0, 1));
  EXPECT_THAT(clipped.column, ElementsAre(0.5, 0.5));
  EXPECT_NEAR(clipped.low, -1, 1e-14);
  EXPECT_NEAR(clipped.high, 0, 1e-14);
}

TEST(Certify, OfBadStrategiesIsWide) {
  const MatrixGame game = MatrixGame::Make(2, 2, {2, 0, 0, 1}).value();
  const Solution bad = Certify(game, {1, 0}, {1, 0});
  EXPECT_NEAR(bad.low, 0, 1e-14);
  EXPECT_NEAR(bad.high, 2, 1e-14);
}

TEST(Payoff, IsReadAsWritten) {
  EXPECT_EQ(ReadPayoff("-3"), -3.0);
  EXPECT_EQ(ReadPayoff("+0.25"), 0.25);
  EXPECT_EQ(ReadPayoff(".5"), 0.5);
  EXPECT_EQ(ReadPayoff("1e-3"), 0.001);
  EXPECT_EQ(ReadPayoff("-1/4"), -0.25);
  for (const char* wrong : {"", "-", "+", "x", "1 2", "1/0", "1/-2", "1/2/3", "1.5/2", "nan", "-inf", "1e999", "0x10",
                            "--1", "+-1", "1/", "/2"})
    EXPECT_FALSE(ReadPayoff(wrong).has_value()) << wrong;
  EXPECT_FALSE(ReadPayoff(std::string(65, '1')).has_value());
  EXPECT_TRUE(IsNoFiniteNumber("-Infinity"));
  EXPECT_FALSE(IsNoFiniteNumber("nano"));
}

}  // namespace
}  // namespace ringfort::games
