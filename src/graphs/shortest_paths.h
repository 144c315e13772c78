#pragma once

#include <limits>
#include <span>
#include <vector>

#include "graphs/directed_graph.h"

namespace ringfort::graphs {

inline constexpr double kUnreachable = std::numeric_limits<double>::infinity();

// The cheapest way from any of some sources to each node.
struct ShortestPathTree {
  std::vector<double> cost{};         // by node; kUnreachable where no way leads
  std::vector<Edge> arriving_edge{};  // by node; kNone at sources and where no way leads
  std::vector<Node> previous{};       // by node, likewise
};

// Costs by edge number, >= 0; an edge of infinite cost is none.
// Source: E. Dijkstra (1959), with a heap. O(edges log nodes).
ShortestPathTree FindShortestPaths(const DirectedGraph& graph, std::span<const double> costs,
                                   std::span<const Node> sources);

struct Path {
  double cost = 0;
  std::vector<Edge> edges{};
  std::vector<Node> nodes{};  // one more than edges
};

// The `count` cheapest paths from `source` to `target` that visit no node twice,
// cheapest first; fewer if there are no more. Paths that differ in one of two
// parallel edges are two paths. Of equal costs any order.
//
// Source: J. Yen, "Finding the K shortest loopless paths in a network", Management
// Science 17 (1971), with E. Lawler's (1972) rule against doubles; each detour is
// searched with the exact cost to the target as a guide (A*), so that it looks at
// little more than the path it finds. One Dijkstra, and then O(count x length)
// such searches.
std::vector<Path> FindPaths(const DirectedGraph& graph, std::span<const double> costs, Node source, Node target,
                            std::size_t count);

}  // namespace ringfort::graphs
