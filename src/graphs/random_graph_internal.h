#pragma once

#include <vector>

#include "base/random.h"
#include "graphs/directed_graph.h"

namespace ringfort::graphs {

// Arcs between random nodes, loops and parallel arcs among them: for tests against
// brute force.
inline std::vector<Arc> RandomArcs(std::size_t nodes, std::size_t arcs, Random& random) {
  std::vector<Arc> result;
  for (std::size_t i = 0; i < arcs; ++i)
    result.push_back({static_cast<Node>(random.Below(nodes)), static_cast<Node>(random.Below(nodes))});
  return result;
}

}  // namespace ringfort::graphs
