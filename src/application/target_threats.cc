#include "application/target_threats.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "application/evidence.h"
#include "application/target_discovery.h"
#include "attack_graph/attack_path.h"
#include "attack_graph/loop_gain.h"
#include "attack_graph/propagation.h"
#include "base/text.h"
#include "statistics/proportion_interval.h"
#include "threat_model/target_hardening.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::AttackPath;
using attack_graph::Fact;
using attack_graph::Step;

TargetThreats::PathStep Describe(const TargetAttackGraph& graph, Step step) {
  const TargetAttackGraph::StepOrigin& origin = graph.origins[step];
  return {origin.rule->id,
          origin.rule->title,
          Text(graph.derivation.facts[graph.derivation.graph.Conclusion(step)]),
          graph.derivation.graph.Probability(step),
          origin.rule->certain ? "definition" : Name(origin.provenance),
          origin.belief};
}

TargetThreats::Path Describe(const TargetAttackGraph& graph, const AttackPath& path) {
  TargetThreats::Path described{path.probability, path.cost, {}};
  for (const Step step : path.steps)
    if (graph.origins[step].rule !=
        nullptr)  // else the target's own word: which assets there are, and how they are tied
      described.steps.push_back(Describe(graph, step));
  return described;
}

Provenance GroundOf(const TargetAttackGraph& graph, Fact fact) {
  Provenance ground = Provenance::kMeasured;
  for (const AttackPath& path : attack_graph::FindAttackPaths(graph.derivation.graph, fact, 1))
    for (const Step step : path.steps) ground = std::max(ground, graph.origins[step].provenance);
  return ground;
}

TargetThreats::Cut FindCut(const TargetAttackGraph& graph, Fact goal, const TargetThreatsRequest& request) {
  TargetHardening found = HardenTarget(graph, goal, request.samples, request.seed);
  TargetThreats::Cut cut;
  cut.parted = found.parted;
  cut.effort = found.effort;
  cut.lower_bound = found.lower_bound;
  cut.optimal = found.optimal;
  for (const Step step : found.unanswered) cut.unanswered.push_back(Describe(graph, step));
  cut.chance_now = found.chance_now;
  cut.chance_then = found.chance_then;
  cut.ground = GroundOf(graph, goal);
  for (const TargetAttackGraph::StepOrigin& origin : graph.origins)
    for (const TargetAttackGraph::Answer& answer : origin.answers)
      if (std::ranges::find(found.mitigations, answer.mitigation) != found.mitigations.end())
        cut.ground = std::max(cut.ground, answer.residual(graph.adaptive).ground);
  cut.mitigations = std::move(found.mitigations);
  return cut;
}

}  // namespace

Result<TargetThreats> FindTargetThreats(const TargetThreatsRequest& request) {
  TargetThreats threats;
  TRY(target, OpenTarget(request.target));
  threats.target = std::move(target);
  TargetOptions options = request.options;
  if (!request.store.empty()) {
    TRY(observations, ListEvidence(request.store));
    threats.observations = observations.size();
    options.observations.insert(options.observations.end(), observations.begin(), observations.end());
  }
  TRY(graph, BuildTargetAttackGraph(knowledge::BuiltinCatalog(), threats.target, {}, options));
  threats.unused_observations = graph.unused_observations;
  TRY(left_out, FindLeftOutSteps(knowledge::BuiltinCatalog(), threats.target, {}, options));
  threats.left_out = std::move(left_out);
  const attack_graph::AttackGraph& steps = graph.derivation.graph;
  threats.facts = steps.fact_count();
  threats.steps = steps.step_count();

  Fact goal = attack_graph::kNone;
  if (request.cut && request.goal.empty())
    return Error{Fault::kInvalidInput, "a cut needs a goal: --goal ASSET:CAPABILITY"};
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
  if (request.cut) threats.cut = FindCut(graph, goal, request);
  return threats;
}

}  // namespace ringfort
