#include "graphs/shortest_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "graphs/random_graph_internal.h"

namespace ringfort::graphs {
namespace {

// The costs of all loopless paths, by walking every one.
std::vector<double> AllPaths(std::size_t n, const std::vector<Arc>& arcs, const std::vector<double>& costs, Node s,
                             Node t) {
  std::vector<double> found;
  std::vector<bool> visited(n, false);
  const std::function<void(Node, double)> walk = [&](Node node, double cost) {
    if (node == t) {
      found.push_back(cost);
      return;
    }
    visited[node] = true;
    for (std::size_t i = 0; i < arcs.size(); ++i)
      if (arcs[i].from == node && !visited[arcs[i].to] && costs[i] < kUnreachable) walk(arcs[i].to, cost + costs[i]);
    visited[node] = false;
  };
  walk(s, 0);
  std::sort(found.begin(), found.end());
  return found;
}

TEST(ShortestPaths, AreAllPathsInOrderOnRandomGraphs) {
  Random random(11);
  for (int trial = 0; trial < 400; ++trial) {
    const std::size_t n = 2 + random.Below(6);
    const std::vector<Arc> arcs = RandomArcs(n, random.Below(4 * n), random);
    std::vector<double> costs;
    for (std::size_t i = 0; i < arcs.size(); ++i)
      costs.push_back(random.Below(12) == 0 ? kUnreachable : static_cast<double>(random.Below(6)));
    const std::vector<double> all = AllPaths(n, arcs, costs, 0, 1);
    const std::vector<Path> paths = FindPaths(DirectedGraph(n, arcs), costs, 0, 1, 10'000);
    ASSERT_EQ(paths.size(), all.size());
    std::set<std::vector<Edge>> distinct;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      EXPECT_EQ(paths[i].cost, all[i]);
      EXPECT_TRUE(distinct.insert(paths[i].edges).second) << "a path stands twice";
      ASSERT_EQ(paths[i].nodes.size(), paths[i].edges.size() + 1);
      for (std::size_t j = 0; j < paths[i].edges.size(); ++j) {
        EXPECT_EQ(arcs[paths[i].edges[j]].from, paths[i].nodes[j]);
        EXPECT_EQ(arcs[paths[i].edges[j]].to, paths[i].nodes[j + 1]);
      }
    }
    const Node sources[] = {0};
    const double cost = FindShortestPaths(DirectedGraph(n, arcs), costs, sources).cost[1];
    EXPECT_EQ(cost, all.empty() ? kUnreachable : all.front());
  }
}

TEST(ShortestPaths, CyclesWithoutCostDoNotHoldIt) {
  const std::vector<Arc> arcs = {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {1, 3}, {0, 3}};
  const std::vector<Path> paths = FindPaths(DirectedGraph(4, arcs), std::vector<double>{0, 0, 0, 0, 1, 2}, 0, 3, 100);
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_EQ(paths[0].edges, (std::vector<Edge>{0, 4}));
  EXPECT_EQ(paths[1].edges, (std::vector<Edge>{5}));
}

TEST(ShortestPaths, ADetourThatCannotBeDoesNotSearchTheWholeGraph) {
  // A long ladder before a target with one way in: once that is taken, every search
  // for another would walk the ladder to its end. 300,000 nodes, 200 paths.
  std::vector<Arc> arcs;
  std::vector<double> costs;
  Random random(13);
  const Node n = 300'000;
  for (Node i = 0; i + 2 < n; ++i) {
    arcs.push_back({i, i + 1});
    arcs.push_back({i, static_cast<Node>(random.Below(n - 1))});
    costs.insert(costs.end(), {random.Uniform(), random.Uniform()});
  }
  arcs.push_back({0, n - 2});
  arcs.push_back({n - 2, n - 1});
  costs.insert(costs.end(), {0.5, 0.5});
  const std::vector<Path> paths = FindPaths(DirectedGraph(n, arcs), costs, 0, n - 1, 200);
  EXPECT_EQ(paths.size(), 200u);
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end(), [](const Path& a, const Path& b) { return a.cost < b.cost; }));
}

TEST(ShortestPaths, TheCountIsKept) {
  const std::vector<Arc> arcs = {{0, 1}, {0, 1}, {0, 1}};
  const DirectedGraph graph(2, arcs);
  const std::vector<double> costs = {3, 1, 2};
  EXPECT_TRUE(FindPaths(graph, costs, 0, 1, 0).empty());
  EXPECT_EQ(FindPaths(graph, costs, 0, 1, 2).size(), 2u);
  EXPECT_TRUE(FindPaths(graph, costs, 1, 0, 5).empty());
  EXPECT_EQ(FindPaths(graph, costs, 0, 0, 5).size(), 1u) << "the path of no edge";
}

TEST(ShortestPaths, FromSeveralSources) {
  const std::vector<Arc> arcs = {{0, 2}, {1, 2}};
  const Node sources[] = {0, 1};
  const ShortestPathTree tree = FindShortestPaths(DirectedGraph(3, arcs), std::vector<double>{5, 3}, sources);
  EXPECT_EQ(tree.cost[2], 3);
  EXPECT_EQ(tree.previous[2], 1u);
  EXPECT_EQ(tree.arriving_edge[2], 1u);
}

}  // namespace
}  // namespace ringfort::graphs
