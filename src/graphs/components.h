#pragma once

#include <cstdint>
#include <vector>

#include "graphs/directed_graph.h"

namespace ringfort::graphs {

// The strongly connected components: two nodes share one if each can be reached
// from the other. Components are numbered against the arrows: an edge between two
// components goes from the higher number to the lower.
//
// Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J.
// Comput. 1 (1972), without recursion. O(nodes + edges).
struct Components {
  std::vector<std::uint32_t> component_of{};  // by node
  std::uint32_t count = 0;
};

Components FindStrongComponents(const DirectedGraph& graph);

// The components of the graph with its arrows taken off, numbered by their first
// node. O(nodes + edges).
Components FindWeakComponents(const DirectedGraph& graph);

}  // namespace ringfort::graphs
