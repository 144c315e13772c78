#include "threat_model/target_hardening.h"

#include <algorithm>
#include <map>

#include "attack_graph/attack_path.h"
#include "attack_graph/propagation.h"

namespace ringfort {
namespace {

using attack_graph::AttackGraph;
using attack_graph::Fact;
using attack_graph::Step;
using knowledge::Mitigation;

bool Holds(const std::vector<const Mitigation*>& mitigations, const Mitigation* wanted) {
  return std::ranges::find(mitigations, wanted) != mitigations.end();
}

// Each mitigation that could still be put up, with the steps it would close. The catalog
// keeps its mitigations in one list, so that their addresses have its order.
std::map<const Mitigation*, std::vector<Step>> Candidates(const TargetAttackGraph& graph) {
  std::map<const Mitigation*, std::vector<Step>> closes;
  for (Step step = 0; step < graph.origins.size(); ++step)
    for (const TargetAttackGraph::Answer& answer : graph.origins[step].answers)
      if (!answer.in_place) closes[answer.mitigation].push_back(step);
  return closes;
}

// The most probable way of steps that nothing can be put up against.
std::vector<Step> UnansweredWay(const TargetAttackGraph& graph, Fact goal) {
  std::vector<double> probabilities;
  for (Step step = 0; step < graph.origins.size(); ++step) {
    const auto& answers = graph.origins[step].answers;
    const bool closed = std::ranges::any_of(answers, [](const auto& answer) { return !answer.in_place; });
    probabilities.push_back(closed ? 0 : graph.derivation.graph.Probability(step));
  }
  std::vector<Step> steps;
  for (const attack_graph::AttackPath& path :
       attack_graph::FindAttackPaths(graph.derivation.graph.WithProbabilities(std::move(probabilities)), goal, 1))
    for (const Step step : path.steps)
      if (graph.origins[step].rule != nullptr) steps.push_back(step);
  return steps;
}

}  // namespace

double ChanceWith(const TargetAttackGraph& graph, Fact goal, const std::vector<const Mitigation*>& mitigations,
                  std::uint64_t samples, std::uint64_t seed) {
  std::vector<double> probabilities;
  for (Step step = 0; step < graph.origins.size(); ++step)
    probabilities.push_back(graph.ProbabilityWith(step, [&](const TargetAttackGraph::Answer& answer) {
      return answer.in_place || Holds(mitigations, answer.mitigation);
    }));
  const auto sampled = attack_graph::SamplePropagation(
      graph.derivation.graph.WithProbabilities(std::move(probabilities)), samples, seed);
  return static_cast<double>(sampled.hits[goal]) / static_cast<double>(sampled.samples);
}

TargetHardening HardenTarget(const TargetAttackGraph& graph, Fact goal, std::uint64_t samples, std::uint64_t seed) {
  std::vector<attack_graph::Control> controls;
  std::vector<const Mitigation*> candidates;
  for (auto& [mitigation, closes] : Candidates(graph)) {
    candidates.push_back(mitigation);
    controls.push_back({std::move(closes), mitigation->cost.effort});
  }
  TargetHardening hardening;
  hardening.chance_now = hardening.chance_then = ChanceWith(graph, goal, {}, samples, seed);
  const auto found = attack_graph::FindHardening(graph.derivation.graph, goal, controls);
  if (!found) {
    hardening.unanswered = UnansweredWay(graph, goal);
    return hardening;
  }
  hardening.parted = true;
  for (const std::size_t control : found->controls) hardening.mitigations.push_back(candidates[control]);
  hardening.effort = found->cost;
  hardening.lower_bound = found->lower_bound;
  hardening.optimal = found->optimal;
  hardening.chance_then = ChanceWith(graph, goal, hardening.mitigations, samples, seed);
  return hardening;
}

}  // namespace ringfort
