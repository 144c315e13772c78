#include "application/target_threats.h"

#include <algorithm>
#include <utility>

#include "application/evidence.h"
#include "application/reason.h"
#include "application/target_discovery.h"

namespace ringfort {
namespace {

TargetThreats::Cut FindCut(const ReasonedTarget& reasoned, const TargetThreatsRequest& request) {
  TargetThreats::Cut cut;
  cut.hardening = HardenTarget(reasoned.graph, reasoned.goal, request.samples, request.seed);
  for (const attack_graph::Step step : cut.hardening.unanswered) cut.unanswered.push_back(reasoned.step_index[step]);
  cut.ground = reasoned.reasoning.states[reasoned.fact_state[reasoned.goal]].probability.ground;
  for (const TargetAttackGraph::StepOrigin& origin : reasoned.graph.origins)
    for (const TargetAttackGraph::Answer& answer : origin.answers)
      if (std::ranges::find(cut.hardening.mitigations, answer.mitigation) != cut.hardening.mitigations.end())
        cut.ground = std::max(cut.ground, answer.residual(reasoned.graph.adaptive).ground);
  return cut;
}

}  // namespace

Result<TargetThreats> FindTargetThreats(const TargetThreatsRequest& request) {
  if (request.cut && request.goal.empty())
    return Error{Fault::kInvalidInput, "a cut needs a goal: --goal ASSET:CAPABILITY"};
  TargetThreats threats;
  TRY(target, OpenTarget(request.target));
  threats.target = std::move(target);
  ReasonRequest reason;
  reason.options = request.options;
  if (!request.store.empty()) {
    TRY(observations, ListEvidence(request.store));
    threats.observations = observations.size();
    reason.options.observations = std::move(observations);
  }
  TRY(left_out, FindLeftOutSteps(knowledge::BuiltinCatalog(), threats.target, {}, reason.options));
  threats.left_out = std::move(left_out);
  reason.samples = request.samples;
  reason.seed = request.seed;
  reason.goal = request.goal;
  reason.goals = 0;
  reason.ways_per_goal = request.paths;
  TRY(reasoned, Reason(threats.target, reason));
  threats.unused_observations = reasoned.graph.unused_observations;
  threats.facts = reasoned.graph.derivation.graph.fact_count();
  threats.steps = reasoned.graph.derivation.graph.step_count();
  threats.beliefs.resize(reasoned.reasoning.steps.size());
  for (attack_graph::Step step = 0; step < reasoned.step_index.size(); ++step)
    if (reasoned.step_index[step] != ReasonedTarget::kNoState)
      threats.beliefs[reasoned.step_index[step]] = reasoned.graph.origins[step].belief;
  if (request.cut) threats.cut = FindCut(reasoned, request);
  threats.reasoning = std::move(reasoned.reasoning);
  return threats;
}

}  // namespace ringfort
