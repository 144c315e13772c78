#include "application/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "attack_graph/attack_path.h"
#include "attack_graph/propagation.h"
#include "base/text.h"
#include "statistics/proportion_interval.h"
#include "threat_model/target_hardening.h"
#include "threat_model/target_loop_gain.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::AttackPath;
using attack_graph::Fact;
using attack_graph::Step;

const Atom& AtomOf(const TargetAttackGraph& graph, Fact fact) { return graph.derivation.facts[fact]; }

// By fact: the weakest ground on the most probable way there.
std::vector<Provenance> Grounds(const TargetAttackGraph& graph, const attack_graph::LastSteps& last) {
  std::vector<Provenance> grounds(graph.derivation.facts.size(), Provenance::kMeasured);
  for (const Fact fact : last.order) {
    grounds[fact] = graph.origins[last.step[fact]].provenance;
    for (const Fact premise : graph.derivation.graph.Premises(last.step[fact]))
      grounds[fact] = std::max(grounds[fact], grounds[premise]);
  }
  return grounds;
}

Status AddStates(const Target& target, const std::vector<ObservedCapability>& observed,
                 const attack_graph::SampledPropagation& sampled, ReasonedTarget& reasoned) {
  const TargetAttackGraph& graph = reasoned.graph;
  reasoned.fact_state.assign(graph.derivation.facts.size(), ReasonedTarget::kNoState);
  const attack_graph::LastSteps last = attack_graph::FindLastSteps(graph.derivation.graph);
  const std::vector<Provenance> grounds = Grounds(graph, last);
  std::map<std::string_view, std::vector<Fact>> facts_of;
  for (Fact fact = 0; fact < graph.derivation.facts.size(); ++fact)
    if (AtomOf(graph, fact).predicate == "can" && last.step[fact] != attack_graph::kNone)
      facts_of[AtomOf(graph, fact).terms[0].text].push_back(fact);
  for (const Asset& asset : target.assets) {
    std::vector<Fact>& facts = facts_of[asset.id];
    std::stable_sort(facts.begin(), facts.end(), [&](Fact a, Fact b) { return sampled.hits[a] > sampled.hits[b]; });
    for (const Fact fact : facts) {
      ReachedState state;
      state.asset = asset.id;
      state.capability = AtomOf(graph, fact).terms[1].text;
      TRY(interval, statistics::WilsonInterval(sampled.hits[fact], sampled.samples));
      state.probability = {static_cast<double>(sampled.hits[fact]) / static_cast<double>(sampled.samples),
                           interval.lower, interval.upper, grounds[fact]};
      state.observed = std::any_of(observed.begin(), observed.end(), [&](const ObservedCapability& seen) {
        return seen.asset == state.asset && seen.capability == state.capability;
      });
      if (state.observed) state.probability.low = state.probability.high = state.probability.value;
      reasoned.fact_state[fact] = reasoned.reasoning.states.size();
      reasoned.reasoning.states.push_back(std::move(state));
    }
  }
  return Done{};
}

void AddSteps(const attack_graph::LoopGain& gain, ReasonedTarget& reasoned) {
  const attack_graph::AttackGraph& steps = reasoned.graph.derivation.graph;
  reasoned.step_index.assign(steps.step_count(), ReasonedTarget::kNoState);
  for (Step step = 0; step < steps.step_count(); ++step) {
    const TargetAttackGraph::StepOrigin& origin = reasoned.graph.origins[step];
    const std::size_t gains = reasoned.fact_state[steps.Conclusion(step)];
    if (origin.rule == nullptr || gains == ReasonedTarget::kNoState || steps.Probability(step) == 0) continue;
    ReasonedStep reasoned_step;
    bool reached = true;
    for (const Fact premise : steps.Premises(step)) {
      if (AtomOf(reasoned.graph, premise).predicate != "can") continue;  // which assets there are, and their ties
      reached &= reasoned.fact_state[premise] != ReasonedTarget::kNoState;
      reasoned_step.needs.push_back(reasoned.fact_state[premise]);
    }
    if (!reached) continue;
    reasoned_step.id = origin.rule->id;
    reasoned_step.title = origin.rule->title;
    reasoned_step.gains = gains;
    reasoned_step.probability = steps.Probability(step);
    reasoned_step.ground = origin.provenance;
    reasoned_step.certain = origin.rule->certain;
    reasoned_step.trials = origin.is_uncertain() ? origin.belief.trials : 0;
    reasoned_step.loop_share = gain.sensitivity.empty() ? 0 : gain.sensitivity[step];
    reasoned_step.answers = origin.rule->answered_by;
    reasoned.step_index[step] = reasoned.reasoning.steps.size();
    reasoned.reasoning.steps.push_back(std::move(reasoned_step));
  }
}

// The states that cost their owner most, by loss times probability.
std::vector<Fact> WorstFacts(const Target& target, const ReasonedTarget& reasoned, std::size_t count) {
  std::vector<std::pair<double, Fact>> order;
  for (Fact fact = 0; fact < reasoned.fact_state.size(); ++fact) {
    const std::size_t index = reasoned.fact_state[fact];
    if (index == ReasonedTarget::kNoState) continue;
    const ReachedState& state = reasoned.reasoning.states[index];
    const auto asset = std::find_if(target.assets.begin(), target.assets.end(),
                                    [&](const Asset& each) { return each.id == state.asset; });
    const double loss = LossOf(knowledge::BuiltinCatalog(), *asset, state.capability) * state.probability.value;
    if (loss > 0) order.emplace_back(-loss, fact);
  }
  std::sort(order.begin(), order.end());
  std::vector<Fact> worst;
  for (std::size_t i = 0; i < order.size() && i < count; ++i) worst.push_back(order[i].second);
  return worst;
}

}  // namespace

AttackWay ReasonedTarget::Describe(Fact goal, const AttackPath& path) const {
  AttackWay way{fact_state[goal], path.probability, path.cost, {}};
  for (const Step step : path.steps)
    if (step_index[step] != kNoState) way.steps.push_back(step_index[step]);
  return way;
}

double LossOf(const knowledge::Catalog& catalog, const Asset& asset, std::string_view capability) {
  for (const knowledge::AssetEntry& entry : catalog.assets)
    if (entry.kind == asset.kind)
      if (const knowledge::Capability* state = knowledge::Find(entry.capabilities, capability); state != nullptr)
        return state->harm * asset.worth;
  return 0;
}

namespace {

Result<Fact> FindGoal(const TargetAttackGraph& graph, const std::string& goal) {
  const std::size_t colon = goal.rfind(':');
  if (colon == std::string::npos)
    return Error{Fault::kInvalidInput, "a goal is ASSET:CAPABILITY, such as model:copied"};
  const Fact fact = graph.Find(goal.substr(0, colon), goal.substr(colon + 1));
  if (fact == attack_graph::kNone)
    return Error{Fault::kInvalidInput, fmt::format("no step leads to '{}' in this target", Printable(goal, 200))};
  return fact;
}

// What touches every way to the goal; nothing if the catalog holds no such set.
void AddCut(const ReasonedTarget& reasoned, Fact goal, const ReasonRequest& request, std::vector<HardeningCut>& cuts) {
  const TargetHardening found = HardenTarget(reasoned.graph, goal, request.samples, request.seed);
  HardeningCut cut;
  cut.goal = reasoned.fact_state[goal];
  for (const knowledge::Mitigation* mitigation : found.mitigations) cut.mitigations.push_back(mitigation->id);
  cut.effort = found.effort;
  cut.optimal = found.optimal;
  cut.chance_now = found.chance_now;
  cut.chance_then = found.chance_then;
  cuts.push_back(std::move(cut));
}

}  // namespace

Result<ReasonedTarget> Reason(const Target& target, const ReasonRequest& request) {
  ReasonedTarget reasoned;
  TRY(graph, BuildTargetAttackGraph(knowledge::BuiltinCatalog(), target, request.observed, request.options));
  reasoned.graph = std::move(graph);
  const attack_graph::AttackGraph& steps = reasoned.graph.derivation.graph;
  if (!request.goal.empty()) {
    TRY(goal, FindGoal(reasoned.graph, request.goal));
    reasoned.goal = goal;
  }

  const attack_graph::SampledPropagation sampled =
      attack_graph::SamplePropagation(steps, request.samples, request.seed);
  reasoned.reasoning.samples = sampled.samples;
  reasoned.reasoning.seed = request.seed;
  TRY_STATUS(AddStates(target, request.observed, sampled, reasoned));

  std::vector<double> probability;
  for (const std::uint64_t hits : sampled.hits)
    probability.push_back(static_cast<double>(hits) / static_cast<double>(sampled.samples));
  const attack_graph::LoopGain gain = FindTargetLoopGain(reasoned.graph, probability);
  reasoned.reasoning.loop_gain = gain.value;
  for (const Fact fact : gain.loop)
    if (reasoned.fact_state[fact] != ReasonedTarget::kNoState)
      reasoned.reasoning.loop.push_back(reasoned.fact_state[fact]);
  AddSteps(gain, reasoned);

  const bool worst = reasoned.goal == attack_graph::kNone;
  for (const Fact goal : worst ? WorstFacts(target, reasoned, request.goals) : std::vector<Fact>{reasoned.goal}) {
    for (const AttackPath& path : attack_graph::FindAttackPaths(steps, goal, request.ways_per_goal))
      reasoned.reasoning.ways.push_back(reasoned.Describe(goal, path));
    if (worst) AddCut(reasoned, goal, request, reasoned.reasoning.cuts);
  }
  return reasoned;
}

}  // namespace ringfort
