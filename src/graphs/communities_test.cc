#include "graphs/communities.h"

#include <gtest/gtest.h>

#include "graphs/random_graph_internal.h"

namespace ringfort::graphs {
namespace {

// Two cliques of five with one edge between them.
std::vector<Arc> TwoCliques() {
  std::vector<Arc> arcs;
  for (Node base : {0u, 5u})
    for (Node i = 0; i < 5; ++i)
      for (Node j = i + 1; j < 5; ++j) arcs.push_back({base + i, base + j});
  arcs.push_back({4, 5});
  return arcs;
}

TEST(Communities, TwoCliquesAreTwo) {
  const Communities communities = FindCommunities(DirectedGraph(10, TwoCliques()), {}, 1);
  EXPECT_EQ(communities.count, 2u);
  for (Node i = 0; i < 10; ++i) EXPECT_EQ(communities.community_of[i], i < 5 ? 0u : 1u);
  // 2 (10/21 - (21/42)^2): inside, each clique has 20 of 42 ends and holds 21.
  EXPECT_NEAR(communities.modularity, 2 * (20.0 / 42 - 0.25), 1e-12);
}

TEST(Communities, ModularityIsThatOfTheDefinition) {
  Random random(4);
  for (int trial = 0; trial < 50; ++trial) {
    const std::size_t n = 2 + random.Below(20);
    const std::vector<Arc> arcs = RandomArcs(n, 1 + random.Below(3 * n), random);
    const Communities communities = FindCommunities(DirectedGraph(n, arcs), {}, trial);
    std::vector<std::vector<double>> a(n, std::vector<double>(n, 0));
    std::vector<double> degree(n, 0);
    for (const Arc& arc : arcs) {
      a[arc.from][arc.to] += 1;
      a[arc.to][arc.from] += 1;
      degree[arc.from] += 1;
      degree[arc.to] += 1;
    }
    const double ends = 2.0 * static_cast<double>(arcs.size());
    double modularity = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (communities.community_of[i] == communities.community_of[j])
          modularity += a[i][j] / ends - degree[i] * degree[j] / (ends * ends);
    EXPECT_NEAR(communities.modularity, modularity, 1e-9);
    EXPECT_GE(communities.modularity, -1e-12) << "no worse than all nodes in one";
  }
}

TEST(Communities, WeightsCount) {
  // A ring of four: the heavy edges decide who goes together.
  const std::vector<Arc> arcs = {{0, 1}, {1, 2}, {2, 3}, {3, 0}};
  const Communities communities = FindCommunities(DirectedGraph(4, arcs), std::vector<double>{1, 9, 1, 9}, 2);
  EXPECT_EQ(communities.community_of, (std::vector<std::uint32_t>{0, 1, 1, 0}));
}

TEST(Communities, TheSameSeedGivesTheSameDivision) {
  Random random(9);
  const std::vector<Arc> arcs = RandomArcs(200, 600, random);
  const DirectedGraph graph(200, arcs);
  EXPECT_EQ(FindCommunities(graph, {}, 7).community_of, FindCommunities(graph, {}, 7).community_of);
  EXPECT_EQ(FindCommunities(DirectedGraph(3, {}), {}, 7).count, 3u);
}

}  // namespace
}  // namespace ringfort::graphs
