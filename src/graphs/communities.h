#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graphs/components.h"
#include "graphs/directed_graph.h"

namespace ringfort::graphs {

// Groups of nodes with more edges inside than chance would put there.
struct Communities {
  std::vector<std::uint32_t> community_of{};  // by node; numbered by their first node
  std::uint32_t count = 0;
  double modularity = 0;  // of this division, between -1/2 and 1
};

// Arrows are taken off; `weights` by edge number, > 0, or empty for 1 each. The
// order in which nodes are looked at comes from `seed`.
//
// Source: V. Blondel et al., "Fast unfolding of communities in large networks"
// (2008), arXiv 0803.0476. Near linear in edges.
Communities FindCommunities(const DirectedGraph& graph, std::span<const double> weights, std::uint64_t seed);

}  // namespace ringfort::graphs
