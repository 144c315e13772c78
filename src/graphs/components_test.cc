#include "graphs/components.h"

#include <gtest/gtest.h>

#include <set>

#include "graphs/random_graph_internal.h"

namespace ringfort::graphs {
namespace {

// Which nodes can be reached from which, by the definition.
std::vector<std::vector<bool>> Reach(std::size_t n, const std::vector<Arc>& arcs) {
  std::vector<std::vector<bool>> reach(n, std::vector<bool>(n, false));
  for (std::size_t i = 0; i < n; ++i) reach[i][i] = true;
  for (const Arc& arc : arcs) reach[arc.from][arc.to] = true;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (reach[i][k] && reach[k][j]) reach[i][j] = true;
  return reach;
}

TEST(Components, TwoRingsAndABridge) {
  const std::vector<Arc> arcs = {{0, 1}, {1, 0}, {1, 2}, {2, 3}, {3, 2}, {4, 4}};
  const Components strong = FindStrongComponents(DirectedGraph(5, arcs));
  EXPECT_EQ(strong.count, 3u);
  EXPECT_EQ(strong.component_of[0], strong.component_of[1]);
  EXPECT_EQ(strong.component_of[2], strong.component_of[3]);
  EXPECT_GT(strong.component_of[0], strong.component_of[2]) << "numbered against the arrows";
  const Components weak = FindWeakComponents(DirectedGraph(5, arcs));
  EXPECT_EQ(weak.component_of, (std::vector<std::uint32_t>{0, 0, 0, 0, 1}));
}

TEST(Components, AgreeWithTheDefinitionOnRandomGraphs) {
  Random random(1);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t n = 1 + random.Below(12);
    const std::vector<Arc> arcs = RandomArcs(n, random.Below(2 * n + 1), random);
    const auto reach = Reach(n, arcs);
    const DirectedGraph graph(n, arcs);
    const Components strong = FindStrongComponents(graph);
    std::vector<Arc> both = arcs;
    for (const Arc& arc : arcs) both.push_back({arc.to, arc.from});
    const auto joined = Reach(n, both);
    const Components weak = FindWeakComponents(graph);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        EXPECT_EQ(strong.component_of[i] == strong.component_of[j], reach[i][j] && reach[j][i]);
        EXPECT_EQ(weak.component_of[i] == weak.component_of[j], static_cast<bool>(joined[i][j]));
        if (reach[i][j]) {
          EXPECT_GE(strong.component_of[i], strong.component_of[j]);
        }
      }
    }
    EXPECT_EQ(std::set(strong.component_of.begin(), strong.component_of.end()).size(), strong.count);
  }
}

TEST(Components, AChainOfAMillionNodesNeedsNoStack) {
  std::vector<Arc> arcs;
  for (Node i = 0; i + 1 < 1'000'000; ++i) arcs.push_back({i, i + 1});
  const DirectedGraph graph(1'000'000, arcs);
  EXPECT_EQ(FindStrongComponents(graph).count, 1'000'000u);
  EXPECT_EQ(FindWeakComponents(graph).count, 1u);
}

TEST(DirectedGraph, KeepsTheOrderAndTheNumbersOfItsEdges) {
  const std::vector<Arc> arcs = {{1, 0}, {0, 1}, {1, 1}, {1, 0}};
  const DirectedGraph graph(3, arcs);
  ASSERT_EQ(graph.From(1).size(), 3u);
  EXPECT_EQ(graph.From(1)[0].edge, 0u);
  EXPECT_EQ(graph.From(1)[1].edge, 2u);
  EXPECT_EQ(graph.From(1)[2].edge, 3u);
  EXPECT_TRUE(graph.From(2).empty());
  const DirectedGraph reversed = graph.Reversed();
  ASSERT_EQ(reversed.From(0).size(), 2u);
  EXPECT_EQ(reversed.From(0)[1].edge, 3u);
  EXPECT_EQ(reversed.From(0)[1].to, 1u);
  EXPECT_EQ(DirectedGraph().node_count(), 0u);
}

}  // namespace
}  // namespace ringfort::graphs
