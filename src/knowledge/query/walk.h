#pragma once

#include <vector>

#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

// A walk along edges, with or against their arrows: how two entries hang together.
struct Walk {
  std::vector<NodeIndex> nodes{};
  std::vector<EdgeIndex> edges{};  // one less
};

// The `count` shortest walks between two nodes that visit none twice. Nodes of many
// edges (an axis, a stage) join everything to everything and explain nothing, so an
// edge costs the logarithm of the edges at its busier end.
std::vector<Walk> FindWalks(const ThreatGraph& graph, NodeIndex from, NodeIndex to, std::size_t count);

// The nodes within `distance` edges of a node, nearest first, the node itself first.
struct Neighbor {
  NodeIndex node = 0;
  EdgeIndex by = kNoIndex;  // the edge by which it was reached; none for the node itself
  std::size_t distance = 0;
};
std::vector<Neighbor> NeighborsOf(const ThreatGraph& graph, NodeIndex node, std::size_t distance);

}  // namespace ringfort::knowledge
