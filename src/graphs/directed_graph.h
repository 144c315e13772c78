#pragma once

#include <cstdint>
#include <span>
#include <vector>

// A directed graph in compressed rows: for each node the edges that leave it, one
// behind the other. It never changes once made. Parallel edges and loops are kept.
//
// Space: 4 bytes a node and 8 an edge. Building: O(nodes + edges).

namespace ringfort::graphs {

using Node = std::uint32_t;
using Edge = std::uint32_t;  // the place of an edge in the list that the graph was made from

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Arc {
  Node from = 0;
  Node to = 0;
};

class DirectedGraph {
 public:
  struct Out {
    Node to = 0;
    Edge edge = 0;
  };

  DirectedGraph() = default;
  // Each end of an arc must be below `node_count`; at most 2^32 - 2 nodes and arcs.
  DirectedGraph(std::size_t node_count, std::span<const Arc> arcs);

  std::size_t node_count() const { return first_.size() - 1; }
  std::size_t edge_count() const { return out_.size(); }
  // The edges that leave `node`, in the order of the list.
  std::span<const Out> From(Node node) const { return {out_.data() + first_[node], first_[node + 1] - first_[node]}; }

  // The same edges under the same numbers, each turned round.
  DirectedGraph Reversed() const;

 private:
  std::vector<std::uint32_t> first_{0};
  std::vector<Out> out_{};
};

}  // namespace ringfort::graphs
