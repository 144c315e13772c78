#include "statistics/paired_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringfort::statistics {
namespace {

double Choose(int n, int k) {
  double value = 1;
  for (int i = 1; i <= k; ++i) value = value * (n - k + i) / i;
  return value;
}

TEST(PairedComparison, FollowsTheExampleOfItsHeader) {
  EXPECT_NEAR(TestPairedOutcomes(1, 6).exact, .125, 1e-12);
  EXPECT_NEAR(TestPairedOutcomes(6, 1).exact, .125, 1e-12);
  EXPECT_NEAR(TestPairedOutcomes(1, 6).middle, .125 - 7.0 / 128, 1e-12);
}

TEST(PairedComparison, IsTheCoinCountedOut) {
  for (int n = 1; n <= 14; ++n)
    for (int first = 0; first <= n; ++first) {
      double as_rare = 0, middle = 0;
      const double seen = Choose(n, first);
      for (int heads = 0; heads <= n; ++heads) {
        const double own = Choose(n, heads) / std::pow(2, n);
        if (std::abs(2 * heads - n) >= std::abs(2 * first - n)) as_rare += own;
        if (std::abs(2 * heads - n) > std::abs(2 * first - n)) middle += own;
      }
      middle += seen / std::pow(2, n);
      const McNemarTest test = TestPairedOutcomes(first, n - first);
      EXPECT_NEAR(test.exact, std::min(1.0, as_rare), 1e-10) << n << " " << first;
      if (2 * first != n) {
        EXPECT_NEAR(test.middle, middle, 1e-10) << n << " " << first;
      }
    }
  EXPECT_EQ(TestPairedOutcomes(0, 0).exact, 1);
  EXPECT_NEAR(TestPairedOutcomes(1, 1).middle, .5, 1e-12);
}

TEST(PairedComparison, PairsTakeAwayWhatPromptsShare) {
  // Hard and easy prompts; the second attack wins three more of them and loses none.
  std::vector<PairedCluster> clusters;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t easy = i % 2;
    clusters.push_back({easy, 1, easy == 1 || i % 20 == 0 ? 1u : 0u, 1});
  }
  const PairedDifference paired = ComparePairedRates(clusters).value();
  EXPECT_NEAR(paired.difference, -.05, 1e-12);
  EXPECT_LT(paired.interval.upper, 0);
  EXPECT_FALSE(paired.no_spread);
  EXPECT_NEAR(TestPairedOutcomes(0, 5).exact, 1.0 / 16, 1e-12);
}

TEST(PairedComparison, PassesOverWhatIsNotPaired) {
  const std::vector<PairedCluster> clusters{{1, 1, 0, 0}, {1, 2, 1, 4}, {0, 0, 1, 1}};
  const PairedDifference paired = ComparePairedRates(clusters).value();
  EXPECT_EQ(paired.clusters, 1u);
  EXPECT_NEAR(paired.difference, .25, 1e-15);
  EXPECT_TRUE(paired.no_spread);
}

TEST(PairedComparison, RefusesWhatCannotBe) {
  EXPECT_FALSE(ComparePairedRates({}).ok());
  EXPECT_FALSE(ComparePairedRates(std::vector<PairedCluster>{{1, 0, 0, 1}}).ok());
  EXPECT_FALSE(ComparePairedRates(std::vector<PairedCluster>{{2, 1, 0, 1}}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
