#include "statistics/optimal_clusters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

double WithinOf(const std::vector<double>& values, const std::vector<std::size_t>& cluster_of, std::size_t count) {
  double within = 0;
  for (std::size_t cluster = 0; cluster < count; ++cluster) {
    double sum = 0, members = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (cluster_of[i] == cluster) sum += values[i], members += 1;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (cluster_of[i] == cluster) within += (values[i] - sum / members) * (values[i] - sum / members);
  }
  return within;
}

// Over every way to put the values into clusters, stretches or not.
double LeastWithin(const std::vector<double>& values, std::size_t count) {
  double least = std::numeric_limits<double>::infinity();
  std::vector<std::size_t> cluster_of(values.size(), 0);
  for (;;) {
    least = std::min(least, WithinOf(values, cluster_of, count));
    std::size_t at = 0;
    while (at < values.size() && ++cluster_of[at] == count) cluster_of[at++] = 0;
    if (at == values.size()) return least;
  }
}

TEST(OptimalClusters, SeparatesWhatIsApart) {
  const std::vector<double> values = {10, 1, 11, 2, 30, 12, 1.5};
  const Result<Clustering> clustering = OptimalClusters(values, 3);
  ASSERT_TRUE(clustering.ok());
  EXPECT_EQ(clustering.value().cluster_of, (std::vector<std::uint32_t>{1, 0, 1, 0, 2, 1, 0}));
  const std::vector<Cluster>& clusters = clustering.value().clusters;
  ASSERT_EQ(clusters.size(), 3u);
  EXPECT_DOUBLE_EQ(clusters[0].center, 1.5);
  EXPECT_NEAR(clusters[0].spread, std::sqrt(0.5 / 3), 1e-12);
  EXPECT_EQ(clusters[0].low, 1);
  EXPECT_EQ(clusters[0].high, 2);
  EXPECT_DOUBLE_EQ(clusters[1].center, 11);
  EXPECT_EQ(clusters[1].count, 3u);
  EXPECT_EQ(clusters[2].center, 30);
  EXPECT_EQ(clusters[2].spread, 0);
  EXPECT_NEAR(clustering.value().within, 2.5, 1e-9);
}

TEST(OptimalClusters, IsAsGoodAsTheBestOfAllDivisions) {
  Random random(7);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> values(2 + random.Below(6));
    // Few steps, so that values repeat.
    for (double& value : values) value = static_cast<double>(random.Below(9)) / 4 - 1;
    for (std::size_t count = 1; count <= 4; ++count) {
      const Result<Clustering> clustering = OptimalClusters(values, count);
      ASSERT_TRUE(clustering.ok());
      EXPECT_NEAR(clustering.value().within, LeastWithin(values, count), 1e-9) << "round " << round << ", " << count;
      std::vector<std::size_t> cluster_of(clustering.value().cluster_of.begin(), clustering.value().cluster_of.end());
      EXPECT_NEAR(clustering.value().within, WithinOf(values, cluster_of, clustering.value().clusters.size()), 1e-9);
    }
  }
}

// The division by halves against the plain recursion over all begins.
TEST(OptimalClusters, IsAsGoodAsThePlainRecursionOnMoreValues) {
  Random random(8);
  for (int round = 0; round < 10; ++round) {
    std::vector<double> values(120);
    for (double& value : values) value = std::pow(static_cast<double>(random.Below(1000)) / 1000, 3) * 50 - 10;
    std::sort(values.begin(), values.end());
    const auto cost = [&](std::size_t begin, std::size_t end) {
      return WithinOf(
          {values.begin() + static_cast<std::ptrdiff_t>(begin), values.begin() + static_cast<std::ptrdiff_t>(end)},
          std::vector<std::size_t>(end - begin, 0), 1);
    };
    std::vector<double> best(values.size() + 1, 0);
    for (std::size_t end = 1; end <= values.size(); ++end) best[end] = cost(0, end);
    for (std::size_t count = 2; count <= 5; ++count) {
      const std::vector<double> before = best;
      for (std::size_t end = count; end <= values.size(); ++end) {
        best[end] = std::numeric_limits<double>::infinity();
        for (std::size_t begin = count - 1; begin < end; ++begin)
          best[end] = std::min(best[end], before[begin] + cost(begin, end));
      }
      const Result<Clustering> clustering = OptimalClusters(values, count);
      ASSERT_TRUE(clustering.ok());
      EXPECT_NEAR(clustering.value().within, best.back(), 1e-9 * (1 + best.back())) << count;
    }
  }
}

TEST(OptimalClusters, DoesNotMindOrderPlaceOrScale) {
  Random random(9);
  std::vector<double> values(50);
  for (double& value : values) value = static_cast<double>(random.Below(1000)) / 100;
  const std::vector<std::uint32_t> expected = OptimalClusters(values, 4).value().cluster_of;
  std::vector<double> moved = values;
  for (double& value : moved) value = value * 1e60 + 3e61;
  EXPECT_EQ(OptimalClusters(moved, 4).value().cluster_of, expected);
  std::vector<double> reversed(values.rbegin(), values.rend());
  const std::vector<std::uint32_t> backwards = OptimalClusters(reversed, 4).value().cluster_of;
  EXPECT_EQ(std::vector<std::uint32_t>(backwards.rbegin(), backwards.rend()), expected);
}

TEST(OptimalClusters, EqualValuesStandTogether) {
  const std::vector<double> values = {2, 2, 2, 5, 5};
  const Result<Clustering> clustering = OptimalClusters(values, 4);
  ASSERT_TRUE(clustering.ok());
  EXPECT_EQ(clustering.value().clusters.size(), 2u) << "there are but two values";
  EXPECT_EQ(clustering.value().cluster_of, (std::vector<std::uint32_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(OptimalClusters(std::vector<double>{3, 3}, 1).value().within, 0);
}

TEST(FewestClusters, StopsWhereEnoughIsExplained) {
  const std::vector<double> values = {0, 0.1, 10, 10.1, 20, 20.1};
  EXPECT_EQ(FewestClusters(values, 1, 5).value().clusters.size(), 1u);
  EXPECT_EQ(FewestClusters(values, 0.5, 5).value().clusters.size(), 2u);
  EXPECT_EQ(FewestClusters(values, 0.05, 5).value().clusters.size(), 3u);
  EXPECT_EQ(FewestClusters(values, 0, 5).value().clusters.size(), 5u);
  EXPECT_EQ(FewestClusters(values, 0, 9).value().clusters.size(), 6u);
  EXPECT_EQ(FewestClusters(std::vector<double>{4, 4, 4}, 0.05, 5).value().clusters.size(), 1u);
}

TEST(OptimalClusters, SaysWhatItCannotCluster) {
  EXPECT_FALSE(OptimalClusters({}, 2).ok());
  EXPECT_FALSE(OptimalClusters(std::vector<double>{1, 2}, 0).ok());
  EXPECT_FALSE(OptimalClusters(std::vector<double>{1, std::nan("")}, 1).ok());
  EXPECT_FALSE(OptimalClusters(std::vector<double>{1, std::numeric_limits<double>::infinity()}, 1).ok());
  EXPECT_FALSE(OptimalClusters(std::vector<double>{1, 1e101}, 1).ok());
  EXPECT_FALSE(FewestClusters(std::vector<double>{1}, 1.5, 2).ok());
  EXPECT_FALSE(FewestClusters(std::vector<double>{1}, std::nan(""), 2).ok());
}

}  // namespace
}  // namespace ringfort::statistics
