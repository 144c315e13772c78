#include "threat_model/target_loop_gain.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "graphs/components.h"

namespace ringfort {
namespace {

using attack_graph::Fact;
using attack_graph::Step;

// The asset that a state is of; nothing if the fact is no state.
std::string_view AssetOf(const TargetAttackGraph& graph, Fact fact) {
  const attack_graph::Atom& atom = graph.derivation.facts[fact];
  return atom.predicate == "can" ? std::string_view(atom.terms[0].text) : std::string_view();
}

// From a premise to the conclusion, where both are states of one asset.
std::vector<graphs::Arc> ArcsWithin(const TargetAttackGraph& graph, Step step) {
  std::vector<graphs::Arc> arcs;
  const Fact to = graph.derivation.graph.Conclusion(step);
  for (const Fact from : graph.derivation.graph.Premises(step))
    if (!AssetOf(graph, from).empty() && AssetOf(graph, from) == AssetOf(graph, to)) arcs.push_back({from, to});
  return arcs;
}

}  // namespace

attack_graph::LoopGain FindTargetLoopGain(const TargetAttackGraph& graph, std::span<const double> probability) {
  const attack_graph::AttackGraph& steps = graph.derivation.graph;
  std::vector<graphs::Arc> arcs;
  for (Step step = 0; step < steps.step_count(); ++step)
    for (const graphs::Arc arc : ArcsWithin(graph, step)) arcs.push_back(arc);
  const std::vector<std::uint32_t> circle =
      graphs::FindStrongComponents(graphs::DirectedGraph(steps.fact_count(), arcs)).component_of;

  std::vector<double> counted(steps.step_count());
  for (Step step = 0; step < steps.step_count(); ++step) {
    counted[step] = steps.Probability(step);
    if (graph.origins[step].rule == nullptr || !graph.origins[step].rule->certain) continue;
    for (const graphs::Arc arc : ArcsWithin(graph, step))
      if (circle[arc.from] == circle[arc.to]) counted[step] = 0;
  }
  return attack_graph::FindLoopGain(steps.WithProbabilities(std::move(counted)), probability);
}

}  // namespace ringfort
