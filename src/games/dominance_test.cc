#include "games/dominance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "games/exact_solution.h"

namespace ringfort::games {
namespace {

using testing::ElementsAre;

TEST(Dominance, GoesOnUntilNothingIsLeftToTakeOut) {
  const MatrixGame game = MatrixGame::Make(3, 2, {3, 1, 2, 0, 0, 2}).value();
  const Reduction reduction = EliminateDominated(game);
  ASSERT_EQ(reduction.removed.size(), 1U);
  EXPECT_TRUE(reduction.removed[0].is_row);
  EXPECT_EQ(reduction.removed[0].action, 1U);
  EXPECT_EQ(reduction.removed[0].by, 0U);
  EXPECT_THAT(reduction.rows, ElementsAre(0, 2));
  EXPECT_THAT(reduction.columns, ElementsAre(0, 1));

  const MatrixGame saddle = MatrixGame::Make(2, 3, {2, 1, 5, -3, -4, -2}).value();
  const Reduction all = EliminateDominated(saddle);
  EXPECT_THAT(all.rows, ElementsAre(0));
  EXPECT_THAT(all.columns, ElementsAre(1));
}

TEST(Dominance, OfEqualActionsTheFirstStays) {
  const Reduction reduction = EliminateDominated(MatrixGame::Make(3, 3, std::vector<double>(9, 1)).value());
  EXPECT_THAT(reduction.rows, ElementsAre(0));
  EXPECT_THAT(reduction.columns, ElementsAre(0));
  EXPECT_EQ(reduction.removed.size(), 4U);
}

TEST(Dominance, KeepsTheValue) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<double> payoffs(20);
    for (double& payoff : payoffs) payoff = static_cast<double>(random.Below(4));
    const MatrixGame game = MatrixGame::Make(5, 4, payoffs).value();
    const Reduction reduction = EliminateDominated(game);
    const ExactSolution whole = SolveExactly(game).value();
    const ExactSolution part = SolveExactly(game.Restricted(reduction.rows, reduction.columns)).value();
    EXPECT_EQ(whole.value, part.value) << seed;
    const Solution spread =
        Certify(game, Spread(part.rounded.row, reduction.rows, 5), Spread(part.rounded.column, reduction.columns, 4));
    EXPECT_LE(spread.gap(), 1e-12) << seed;
  }
}

TEST(Dominance, StopsAtTheBound) {
  const MatrixGame game = MatrixGame::Make(3, 2, {3, 1, 2, 0, 0, 2}).value();
  const Reduction reduction = EliminateDominated(game, 1);
  EXPECT_FALSE(reduction.complete);
  EXPECT_EQ(reduction.rows.size(), 3U);
}

}  // namespace
}  // namespace ringfort::games
