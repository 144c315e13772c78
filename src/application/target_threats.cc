#include "application/target_threats.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "application/target_discovery.h"
#include "attack_graph/attack_path.h"
#include "attack_graph/loop_gain.h"
#include "attack_graph/propagation.h"
#include "base/text.h"
#include "statistics/proportion_interval.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::AttackPath;
using attack_graph::Fact;
using attack_graph::Step;

TargetThreats::Path Describe(const TargetAttackGraph& graph, const AttackPath& path) {
  TargetThreats::Path described{path.probability, path.cost, {}};
  for (const Step step : path.steps) {
    const TargetAttackGraph::StepOrigin& origin = graph.origins[step];
    if (origin.rule == nullptr) continue;  // the target's own word: which assets there are, and how they are tied
    described.steps.push_back(
        {origin.rule->id, origin.rule->title, Text(graph.derivation.facts[graph.derivation.graph.Conclusion(step)]),
         graph.derivation.graph.Probability(step), origin.rule->certain ? "definition" : Name(origin.provenance)});
  }
  return described;
}

Provenance GroundOf(const TargetAttackGraph& graph, Fact fact) {
  Provenance ground = Provenance::kMeasured;
  for (const AttackPath& path : attack_graph::FindAttackPaths(graph.derivation.graph, fact, 1))
    for (const Step step : path.steps) ground = std::max(ground, graph.origins[step].provenance);
  return ground;
}

}  // namespace

Result<TargetThreats> FindTargetThreats(const TargetThreatsRequest& request) {
  TargetThreats threats;
  TRY(target, OpenTarget(request.target));
  threats.target = std::move(target);
  TRY(graph, BuildTargetAttackGraph(knowledge::BuiltinCatalog(), threats.target, {}, request.options));
  const attack_graph::AttackGraph& steps = graph.derivation.graph;
  threats.facts = steps.fact_count();
  threats.steps = steps.step_count();

  Fact goal = attack_graph::kNone;
  if (!request.goal.empty()) {
    const std::size_t colon = request.goal.rfind(':');
    if (colon == std::string::npos)
      return Error{Fault::kInvalidInput, "a goal is ASSET:CAPABILITY, such as model:copied"};
    goal = graph.Find(request.goal.substr(0, colon), request.goal.substr(colon + 1));
    if (goal == attack_graph::kNone)
      return Error{Fault::kInvalidInput,
                   fmt::format("no step leads to '{}' in this target", Printable(request.goal, 200))};
  }

  const attack_graph::SampledPropagation sampled =
      attack_graph::SamplePropagation(steps, request.samples, request.seed);
  threats.samples = sampled.samples;
  threats.seed = request.seed;
  for (const Asset& asset : threats.target.assets) {
    const std::size_t begin = threats.states.size();
    for (Fact fact = 0; fact < graph.derivation.facts.size(); ++fact) {
      const Atom& atom = graph.derivation.facts[fact];
      if (atom.predicate != "can" || atom.terms[0].text != asset.id || sampled.hits[fact] == 0) continue;
      TRY(interval, statistics::WilsonInterval(sampled.hits[fact], sampled.samples));
      threats.states.push_back({asset.id, atom.terms[1].text,
                                static_cast<double>(sampled.hits[fact]) / static_cast<double>(sampled.samples),
                                interval, GroundOf(graph, fact)});
    }
    std::stable_sort(threats.states.begin() + static_cast<std::ptrdiff_t>(begin), threats.states.end(),
                     [](const auto& a, const auto& b) { return a.probability > b.probability; });
  }

  std::vector<double> probability;
  for (const std::uint64_t hits : sampled.hits)
    probability.push_back(static_cast<double>(hits) / static_cast<double>(sampled.samples));
  const attack_graph::LoopGain gain = attack_graph::FindLoopGain(steps, probability);
  threats.loop_gain = gain.value;
  for (const Fact fact : gain.loop) threats.loop.push_back(Text(graph.derivation.facts[fact]));
  if (goal != attack_graph::kNone)
    for (const AttackPath& path : attack_graph::FindAttackPaths(steps, goal, request.paths))
      threats.paths.push_back(Describe(graph, path));
  return threats;
}

}  // namespace ringfort
