#pragma once

#include <span>
#include <vector>

#include "graphs/directed_graph.h"

namespace ringfort::graphs {

// The most that can flow from a source to a sink when each edge carries at most
// its capacity, and the cheapest set of edges that parts them: both have the same
// value, which is the proof of either.
struct MaxFlow {
  double value = 0;                 // infinity if a path of unlimited edges joins them
  std::vector<double> flow{};       // by edge
  std::vector<Edge> cut{};          // edges from the source's side to the sink's, in order of number
  std::vector<bool> source_side{};  // by node
};

// Capacities by edge number, >= 0; infinity is allowed. Source and sink differ.
//
// Source: E. Dinic, "Algorithm for solution of a problem of maximum flow in networks
// with power estimation" (1970). O(nodes^2 edges), in practice near linear.
MaxFlow FindMaxFlow(std::size_t node_count, std::span<const Arc> arcs, std::span<const double> capacities, Node source,
                    Node sink);

}  // namespace ringfort::graphs
