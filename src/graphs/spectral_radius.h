#pragma once

#include <span>
#include <vector>

#include "graphs/directed_graph.h"

namespace ringfort::graphs {

// The largest eigenvalue of a matrix without negative entries (its Perron root),
// held as a graph with a weight an edge: a step along the edge a -> b multiplies
// what stands at a by the weight and adds it to b. Above 1, what goes round grows.
struct SpectralRadius {
  double value = 0;                     // 0 if no cycle has a weight above 0
  double error = 0;                     // the value lies within +- error (Collatz-Wielandt bounds)
  std::vector<double> sensitivity{};    // by edge: the derivative of the value by its weight
  std::vector<Node> cycle_component{};  // the nodes of the strong component that attains it
};

// Weights by edge number, >= 0 and finite. Exact 0 for a graph without cycles.
// Sensitivities are those of the component that attains the value (the first one, if
// several do) and 0 elsewhere. O(edges) an iteration, at most `iterations`.
//
// Source: L. Collatz (1942), H. Wielandt (1950) for the bounds; the derivative of a
// simple eigenvalue by an entry is u_b v_a / (u . v) with left and right vectors.
SpectralRadius FindSpectralRadius(const DirectedGraph& graph, std::span<const double> weights, double tolerance = 1e-12,
                                  std::size_t iterations = 100'000);

}  // namespace ringfort::graphs
