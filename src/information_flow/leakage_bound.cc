#include "information_flow/leakage_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "graphs/max_flow.h"

namespace ringfort::information_flow {
namespace {

Error Invalid(std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; }

Status CheckEnds(std::size_t node_count, std::span<const graphs::Node> secrets,
                 std::span<const graphs::Node> observers) {
  if (secrets.empty() || observers.empty()) return Invalid("a leakage bound needs a secret and an observer");
  std::vector<bool> is_secret(node_count, false);
  for (const graphs::Node node : secrets) {
    if (node >= node_count) return Invalid(fmt::format("the secret {} is no node", node));
    is_secret[node] = true;
  }
  for (const graphs::Node node : observers) {
    if (node >= node_count) return Invalid(fmt::format("the observer {} is no node", node));
    if (is_secret[node]) return Invalid(fmt::format("node {} is a secret and an observer at once", node));
  }
  return Done{};
}

CutEdge Paying(graphs::Edge number, const FlowEdge& edge) {
  CutEdge paying{number, edge.rate(), Lever::kNone, 0};
  const double cost = std::min(edge.cost_of_halving_capacity, edge.cost_of_halving_bandwidth);
  if (cost == kImpossible) return paying;
  paying.lever = edge.cost_of_halving_capacity <= edge.cost_of_halving_bandwidth ? Lever::kNoise : Lever::kBandwidth;
  paying.saved_per_cost = paying.rate / 2 / cost;
  return paying;
}

}  // namespace

Result<LeakageBound> FindLeakageBound(std::size_t node_count, std::span<const FlowEdge> edges,
                                      std::span<const graphs::Node> secrets, std::span<const graphs::Node> observers) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  if (node_count >= kMost || edges.size() >= kMost)
    return Error{Fault::kLimitExceeded, "the graph is too large for a leakage bound"};
  TRY_STATUS(CheckEnds(node_count, secrets, observers));
  std::vector<graphs::Arc> arcs;
  std::vector<double> rates;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const FlowEdge& edge = edges[i];
    if (edge.arc.from >= node_count || edge.arc.to >= node_count)
      return Invalid(fmt::format("channel {} joins a node that does not exist", i));
    if (!(edge.bits_per_use >= 0 && edge.uses_per_second >= 0))
      return Invalid(fmt::format("channel {}: {} bits a use and {} uses a second are no rate", i, edge.bits_per_use,
                                 edge.uses_per_second));
    if (!(edge.cost_of_halving_capacity > 0 && edge.cost_of_halving_bandwidth > 0))
      return Invalid(fmt::format("channel {}: a lever costs more than nothing", i));
    arcs.push_back(edge.arc);
    rates.push_back(edge.rate());
  }
  // One source before all secrets and one sink behind all observers.
  const auto source = static_cast<graphs::Node>(node_count);
  const auto sink = static_cast<graphs::Node>(node_count + 1);
  for (const graphs::Node node : secrets) arcs.push_back({source, node}), rates.push_back(kImpossible);
  for (const graphs::Node node : observers) arcs.push_back({node, sink}), rates.push_back(kImpossible);
  const graphs::MaxFlow flow = graphs::FindMaxFlow(node_count + 2, arcs, rates, source, sink);
  LeakageBound bound{flow.value, {}};
  if (std::isinf(flow.value)) return bound;
  for (const graphs::Edge edge : flow.cut)
    if (edge < edges.size() && rates[edge] > 0) bound.cut.push_back(Paying(edge, edges[edge]));
  std::stable_sort(bound.cut.begin(), bound.cut.end(),
                   [](const CutEdge& a, const CutEdge& b) { return a.saved_per_cost > b.saved_per_cost; });
  return bound;
}

}  // namespace ringfort::information_flow
