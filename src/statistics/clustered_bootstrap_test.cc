#include "statistics/clustered_bootstrap.h"

#include <gtest/gtest.h>

#include <vector>

#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

using Clusters = std::vector<ClusterCounts>;

TEST(ClusteredBootstrap, OfSingleTriesIsTheOrdinaryInterval) {
  Clusters clusters;
  for (int i = 0; i < 400; ++i) clusters.push_back({i < 120 ? 1u : 0u, 1});
  const ClusteredRate rate = EstimateClusteredRate(clusters).value();
  EXPECT_NEAR(rate.rate, .3, 1e-15);
  EXPECT_NEAR(rate.design_effect, 400.0 / 399, 1e-12);
  const Interval wilson = WilsonInterval(120, 400).value();
  EXPECT_NEAR(rate.interval.lower, wilson.lower, .01);
  EXPECT_NEAR(rate.interval.upper, wilson.upper, .01);
  EXPECT_FALSE(rate.few);
}

TEST(ClusteredBootstrap, CopiesOfATryAddNothing) {
  Clusters once, tenfold;
  for (int i = 0; i < 60; ++i) {
    once.push_back({i % 3 == 0 ? 1u : 0u, 1});
    tenfold.push_back({i % 3 == 0 ? 10u : 0u, 10});
  }
  const ClusteredRate single = EstimateClusteredRate(once, {.seed = 8}).value();
  const ClusteredRate copied = EstimateClusteredRate(tenfold, {.seed = 8}).value();
  EXPECT_EQ(single.interval.lower, copied.interval.lower);
  EXPECT_EQ(single.interval.upper, copied.interval.upper);
  EXPECT_NEAR(copied.design_effect, 10 * single.design_effect, 1e-12);
}

TEST(ClusteredBootstrap, HoldsTheTrueRateWhereIndependenceWouldNot) {
  Random random(17);
  int held = 0, naive = 0;
  constexpr int kRounds = 400;
  for (int round = 0; round < kRounds; ++round) {
    Clusters clusters;
    std::uint64_t successes = 0;
    for (int prompt = 0; prompt < 60; ++prompt) {
      // Half of the prompts succeed nine times in ten, the others once in ten: 0.5 on the whole.
      const double own = random.Uniform() < .5 ? .9 : .1;
      ClusterCounts cluster{0, 10};
      for (int i = 0; i < 10; ++i) cluster.successes += random.Uniform() < own;
      successes += cluster.successes;
      clusters.push_back(cluster);
    }
    held += EstimateClusteredRate(clusters, {.resamples = 400, .seed = 1}).value().interval.Holds(.5);
    naive += WilsonInterval(successes, 600).value().Holds(.5);
  }
  EXPECT_GT(held, kRounds * .90);
  EXPECT_LT(naive, kRounds * .75);
}

TEST(ClusteredBootstrap, ClaimsNoCertaintyFromNoSpread) {
  const Clusters none{{0, 10}, {0, 10}, {0, 0}, {0, 10}}, all{{10, 10}, {4, 4}};
  const ClusteredRate rate = EstimateClusteredRate(none).value();
  EXPECT_EQ(rate.clusters, 3u);
  EXPECT_TRUE(rate.few);
  EXPECT_EQ(rate.interval.lower, 0);
  EXPECT_NEAR(rate.interval.upper, ClopperPearsonInterval(0, 3).value().upper, 1e-15);
  EXPECT_NEAR(EstimateClusteredRate(all).value().interval.lower, ClopperPearsonInterval(2, 2).value().lower, 1e-15);
}

TEST(ClusteredBootstrap, RefusesWhatCannotBe) {
  EXPECT_FALSE(EstimateClusteredRate({}).ok());
  EXPECT_FALSE(EstimateClusteredRate(Clusters{{0, 0}}).ok());
  EXPECT_FALSE(EstimateClusteredRate(Clusters{{2, 1}}).ok());
  EXPECT_FALSE(EstimateClusteredRate(Clusters{{1, 2}, {1, 2}}, {.resamples = 1}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
