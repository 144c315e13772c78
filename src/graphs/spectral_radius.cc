#include "graphs/spectral_radius.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graphs/components.h"

namespace ringfort::graphs {
namespace {

struct WeightedArc {
  Node from;
  Node to;
  double weight;
  Edge edge;
};

struct PerronVector {
  double value = 0;
  double error = 0;
  std::vector<double> vector{};
};

// Power iteration on the matrix plus a multiple of the identity: without it, a
// matrix whose cycles share a period would turn for ever. The shift only needs to
// be of the matrix's own size.
PerronVector Iterate(std::size_t size, const std::vector<WeightedArc>& arcs, bool transposed, double tolerance,
                     std::size_t iterations) {
  std::vector<double> row_sums(size, 0);
  for (const WeightedArc& arc : arcs) row_sums[transposed ? arc.from : arc.to] += arc.weight;
  const double shift = 0.5 * *std::max_element(row_sums.begin(), row_sums.end());
  std::vector<double> x(size, 1.0 / static_cast<double>(size));
  std::vector<double> y(size);
  PerronVector best;
  for (std::size_t iteration = 0; iteration < iterations; ++iteration) {
    for (std::size_t i = 0; i < size; ++i) y[i] = shift * x[i];
    for (const WeightedArc& arc : arcs) {
      const Node in = transposed ? arc.to : arc.from;
      const Node out = transposed ? arc.from : arc.to;
      y[out] += arc.weight * x[in];
    }
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const double ratio = y[i] / x[i];
      low = std::min(low, ratio);
      high = std::max(high, ratio);
      sum += y[i];
    }
    for (std::size_t i = 0; i < size; ++i) x[i] = std::max(y[i] / sum, std::numeric_limits<double>::min());
    best.value = 0.5 * (low + high) - shift;
    best.error = 0.5 * (high - low);
    if (best.error <= tolerance * std::max(1.0, best.value)) break;
  }
  best.vector = std::move(x);
  return best;
}

}  // namespace

SpectralRadius FindSpectralRadius(const DirectedGraph& graph, std::span<const double> weights, double tolerance,
                                  std::size_t iterations) {
  SpectralRadius radius;
  radius.sensitivity.assign(graph.edge_count(), 0.0);

  // Edges of weight 0 bind nothing together.
  std::vector<Arc> positive;
  std::vector<Edge> number;
  for (Node node = 0; node < graph.node_count(); ++node) {
    for (const auto& out : graph.From(node)) {
      if (!(weights[out.edge] > 0)) continue;
      positive.push_back({node, out.to});
      number.push_back(out.edge);
    }
  }
  const Components components = FindStrongComponents(DirectedGraph(graph.node_count(), positive));

  // A matrix in block-triangular form has the eigenvalues of its blocks.
  std::vector<std::vector<WeightedArc>> inner(components.count);
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const std::uint32_t component = components.component_of[positive[i].from];
    if (component == components.component_of[positive[i].to])
      inner[component].push_back({positive[i].from, positive[i].to, weights[number[i]], number[i]});
  }
  std::vector<Node> place(graph.node_count(), 0);
  std::vector<Node> size(components.count, 0);
  for (Node node = 0; node < graph.node_count(); ++node) place[node] = size[components.component_of[node]]++;

  std::uint32_t attained = kNone;
  for (std::uint32_t component = 0; component < components.count; ++component) {
    std::vector<WeightedArc>& arcs = inner[component];
    if (arcs.empty()) continue;
    for (WeightedArc& arc : arcs) arc = {place[arc.from], place[arc.to], arc.weight, arc.edge};
    const PerronVector right = Iterate(size[component], arcs, false, tolerance, iterations);
    if (attained != kNone && right.value <= radius.value) continue;
    const PerronVector left = Iterate(size[component], arcs, true, tolerance, iterations);
    if (attained != kNone) std::fill(radius.sensitivity.begin(), radius.sensitivity.end(), 0.0);
    attained = component;
    radius.value = right.value;
    radius.error = right.error;
    double product = 0;
    for (std::size_t i = 0; i < right.vector.size(); ++i) product += left.vector[i] * right.vector[i];
    for (const WeightedArc& arc : arcs)
      radius.sensitivity[arc.edge] = left.vector[arc.to] * right.vector[arc.from] / product;
  }
  if (attained != kNone) {
    for (Node node = 0; node < graph.node_count(); ++node)
      if (components.component_of[node] == attained) radius.cycle_component.push_back(node);
  }
  return radius;
}

}  // namespace ringfort::graphs
