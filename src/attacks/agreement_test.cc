#include "attacks/agreement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace ringfort::attacks {
namespace {

using Texts = std::vector<std::string>;
using Rows = std::vector<std::vector<double>>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(AgreementOf, FollowsTheExampleOfItsHeader) {
  const Agreement agreement = AgreementOf(Texts{"cat", "dog", "cat", "cow"}, Texts{"cat", "dog", "dog", "cow"}).value();
  EXPECT_EQ(agreement.agreeing, 3u);
  EXPECT_DOUBLE_EQ(agreement.share, 0.75);
  // Chance: cat 1/2 * 1/4, dog 1/4 * 1/2, cow 1/4 * 1/4 = 5/16.
  EXPECT_DOUBLE_EQ(agreement.kappa, (0.75 - 5.0 / 16) / (1 - 5.0 / 16));
  EXPECT_EQ(AgreementOf(Texts{"a", "a"}, Texts{"a", "a"}).value().kappa, 1);
  EXPECT_FALSE(AgreementOf(Texts{}, Texts{}).ok());
  EXPECT_FALSE(AgreementOf(Texts{"a"}, Texts{"a", "b"}).ok());
}

TEST(GapOf, OfTwoCoins) {
  const Rows fair = {{std::log(0.5), std::log(0.5)}}, bent = {{std::log(0.75), std::log(0.25)}};
  const DistributionGap gap = GapOf(fair, bent).value();
  EXPECT_NEAR(gap.divergence, 0.5 * std::log(0.5 / 0.75) + 0.5 * std::log(0.5 / 0.25), 1e-12);
  EXPECT_NEAR(gap.total_variation, 0.25, 1e-12);
  EXPECT_EQ(GapOf(Rows{{0, -kInfinity}}, Rows{{-kInfinity, 0}}).value().divergence, kInfinity);
}

TEST(GapOf, OfACopyIsNothingAndShiftsDoNotMatter) {
  Random random(2);
  Rows rows(20, std::vector<double>(9));
  for (auto& row : rows)
    for (double& value : row) value = 8 * random.Uniform();
  Rows shifted = rows;
  for (auto& row : shifted)
    for (double& value : row) value += 100;
  const DistributionGap gap = GapOf(rows, shifted).value();
  EXPECT_NEAR(gap.divergence, 0, 1e-12);
  EXPECT_NEAR(gap.total_variation, 0, 1e-12);
  EXPECT_DOUBLE_EQ(gap.top_agreement, 1);
  shifted[3][2] = std::nan("");
  EXPECT_FALSE(GapOf(rows, shifted).ok());
  EXPECT_FALSE(GapOf(Rows{{1, 2}}, Rows{{1}}).ok());
  EXPECT_FALSE(GapOf(Rows{{-kInfinity}}, Rows{{0}}).ok());
}

TEST(QueriesFor, DrawsStraightLines) {
  const std::vector<BudgetPoint> curve = {{1000, 0.8}, {100, 0.5}, {10, 0.2}};
  EXPECT_DOUBLE_EQ(QueriesFor(curve, 0.65), 550);
  EXPECT_DOUBLE_EQ(QueriesFor(curve, 0.1), 10);
  EXPECT_DOUBLE_EQ(QueriesFor(curve, 0.5), 100);
  EXPECT_EQ(QueriesFor(curve, 0.9), kInfinity);
  EXPECT_EQ(QueriesFor({}, 0.1), kInfinity);
}

}  // namespace
}  // namespace ringfort::attacks
