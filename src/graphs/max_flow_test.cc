#include "graphs/max_flow.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graphs/random_graph_internal.h"

namespace ringfort::graphs {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The least cut by looking at every division of the nodes.
double LeastCut(std::size_t n, const std::vector<Arc>& arcs, const std::vector<double>& capacities, Node s, Node t) {
  double least = kInfinity;
  for (std::uint32_t side = 0; side < (1u << n); ++side) {
    if ((side >> s & 1) == 0 || (side >> t & 1) == 1) continue;
    double cut = 0;
    for (std::size_t i = 0; i < arcs.size(); ++i)
      if ((side >> arcs[i].from & 1) == 1 && (side >> arcs[i].to & 1) == 0) cut += capacities[i];
    least = std::min(least, cut);
  }
  return least;
}

TEST(MaxFlow, OfATextbookNetwork) {
  const std::vector<Arc> arcs = {{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}};
  const MaxFlow flow = FindMaxFlow(4, arcs, std::vector<double>{3, 2, 5, 2, 3}, 0, 3);
  EXPECT_EQ(flow.value, 5);
  EXPECT_EQ(flow.flow[3] + flow.flow[4], 5);
}

TEST(MaxFlow, EqualsTheLeastCutOnRandomNetworks) {
  Random random(5);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t n = 2 + random.Below(7);
    const std::vector<Arc> arcs = RandomArcs(n, random.Below(3 * n), random);
    std::vector<double> capacities;
    for (std::size_t i = 0; i < arcs.size(); ++i)
      capacities.push_back(random.Below(10) == 0 ? kInfinity : static_cast<double>(random.Below(8)) / 4);
    const MaxFlow flow = FindMaxFlow(n, arcs, capacities, 0, 1);
    EXPECT_EQ(flow.value, LeastCut(n, arcs, capacities, 0, 1));
    if (std::isinf(flow.value)) continue;
    double cut = 0;
    for (const Edge edge : flow.cut) cut += capacities[edge];
    EXPECT_EQ(cut, flow.value);
    // What enters a node leaves it, and no edge carries more than it may.
    std::vector<double> balance(n, 0);
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      EXPECT_GE(flow.flow[i], 0);
      EXPECT_LE(flow.flow[i], capacities[i]);
      balance[arcs[i].from] -= flow.flow[i];
      balance[arcs[i].to] += flow.flow[i];
    }
    EXPECT_NEAR(balance[1], flow.value, 1e-9);
    for (std::size_t i = 2; i < n; ++i) EXPECT_NEAR(balance[i], 0, 1e-9);
  }
}

TEST(MaxFlow, ManySizesOfCapacityAtOnce) {
  const std::vector<Arc> arcs = {{0, 1}, {1, 3}, {0, 2}, {2, 3}};
  const MaxFlow flow = FindMaxFlow(4, arcs, std::vector<double>{1e12, 1e-12, 1e-9, 1e12}, 0, 3);
  EXPECT_DOUBLE_EQ(flow.value, 1e-12 + 1e-9);
  EXPECT_EQ(flow.cut, (std::vector<Edge>{1, 2}));
}

TEST(MaxFlow, ALongChainNeedsNoStack) {
  std::vector<Arc> arcs;
  for (Node i = 0; i + 1 < 300'000; ++i) arcs.push_back({i, i + 1});
  EXPECT_EQ(FindMaxFlow(300'000, arcs, std::vector<double>(arcs.size(), 2), 0, 299'999).value, 2);
}

}  // namespace
}  // namespace ringfort::graphs
