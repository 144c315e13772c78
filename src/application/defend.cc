#include "application/defend.h"

#include <algorithm>
#include <map>
#include <utility>

#include "application/evidence.h"
#include "application/target_discovery.h"
#include "base/random.h"
#include "games/security_solution.h"
#include "games/value_interval.h"
#include "threat_model/defense_coverage.h"

namespace ringfort {
namespace {

using attack_graph::Fact;
using attack_graph::Step;
using knowledge::Mitigation;
using knowledge::StepRule;

// The target's game, and whose numbers stand where in it.
struct TargetGame {
  games::SecurityGame game{};
  std::vector<const Mitigation*> mitigations{};       // by defense
  std::vector<std::vector<const Belief*>> beliefs{};  // by defense: of its effects, in their order
  std::vector<Fact> goal_facts{};                     // by goal
};

std::vector<games::Goal> GoalsOf(const Target& target, const ReasonedTarget& reasoned) {
  std::vector<games::Goal> goals;
  for (Fact fact = 0; fact < reasoned.fact_state.size(); ++fact) {
    if (reasoned.fact_state[fact] == ReasonedTarget::kNoState) continue;
    const ReachedState& state = reasoned.reasoning.states[reasoned.fact_state[fact]];
    if (state.observed) continue;  // it has happened: no defense prevents it any more
    const auto asset = std::find_if(target.assets.begin(), target.assets.end(),
                                    [&](const Asset& each) { return each.id == state.asset; });
    const double loss = LossOf(knowledge::BuiltinCatalog(), *asset, state.capability);
    if (loss > 0) goals.push_back({fact, loss});
  }
  return goals;
}

TargetGame GameOf(const Target& target, const ReasonedTarget& reasoned, const DefenseQuestion& question) {
  TargetGame made;
  made.game.graph = reasoned.graph.derivation.graph;
  made.game.goals = GoalsOf(target, reasoned);
  for (const games::Goal& goal : made.game.goals) made.goal_facts.push_back(goal.fact);
  made.game.budgets = {
      {"effort", question.budget.effort}, {"latency", question.budget.latency}, {"utility", question.budget.utility}};
  std::map<const Mitigation*, std::size_t> defense_of;
  for (Step step = 0; step < reasoned.step_index.size(); ++step) {
    if (reasoned.step_index[step] == ReasonedTarget::kNoState) continue;
    for (const TargetAttackGraph::Answer& answer : reasoned.graph.origins[step].answers) {
      if (answer.in_place) continue;
      const auto [at, added] = defense_of.try_emplace(answer.mitigation, made.mitigations.size());
      if (added) {
        const knowledge::MitigationCost& cost = answer.mitigation->cost;
        made.mitigations.push_back(answer.mitigation);
        made.game.defenses.push_back({answer.mitigation->id, {cost.effort, cost.latency, cost.utility}, {}});
        made.beliefs.emplace_back();
      }
      const Belief& residual = answer.residual(question.adaptive);
      made.game.defenses[at->second].effects.push_back({step, residual.mean()});
      made.beliefs[at->second].push_back(&residual);
    }
  }
  return made;
}

// One draw of all that is believed: a rule's chance is one unknown, however often the
// target instantiates it, and so is what a mitigation lets through.
games::GameSampler SamplerOf(const TargetGame& made, const ReasonedTarget& reasoned, std::uint64_t seed) {
  return [&made, &reasoned, seed](std::uint64_t draw, games::SecurityGame& game) {
    Random random(seed + 0x9E3779B97F4A7C15 * (draw + 1));
    std::map<const StepRule*, double> uniform_of;
    std::vector<double> probabilities(game.graph.step_count());
    for (Step step = 0; step < probabilities.size(); ++step) {
      probabilities[step] = game.graph.Probability(step);
      const TargetAttackGraph::StepOrigin& origin = reasoned.graph.origins[step];
      if (!origin.is_uncertain() || origin.belief.mean() == 0) continue;
      const auto [at, added] = uniform_of.try_emplace(origin.rule, 0);
      if (added) at->second = random.Uniform();
      // What is in place stays at its mean.
      probabilities[step] =
          std::min(1.0, probabilities[step] / origin.belief.mean() * origin.belief.posterior.Quantile(at->second));
    }
    game.graph = game.graph.WithProbabilities(std::move(probabilities));
    for (std::size_t defense = 0; defense < made.beliefs.size(); ++defense) {
      const double uniform = random.Uniform();
      for (std::size_t i = 0; i < made.beliefs[defense].size(); ++i)
        game.defenses[defense].effects[i].residual = made.beliefs[defense][i]->posterior.Quantile(uniform);
    }
  };
}

// The weakest ground of what a defense is believed to let through.
Provenance GroundOf(const TargetGame& made, std::uint32_t defense) {
  Provenance ground = Provenance::kMeasured;
  for (const Belief* residual : made.beliefs[defense]) ground = std::max(ground, residual->ground);
  return ground;
}

AttackWay Describe(const TargetGame& made, const ReasonedTarget& reasoned, const games::Way& way,
                   const games::Portfolio& portfolio) {
  attack_graph::AttackPath path;
  path.steps = way.steps;
  const double value = made.game.goals[way.goal].value;
  path.probability = value > 0 ? games::Payoff(made.game, way, portfolio) / value : 0;
  for (const Step step : way.steps) path.cost += made.game.graph.Cost(step);
  return reasoned.Describe(made.goal_facts[way.goal], path);
}

// How much of the known threats each mitigation in question covers.
Result<std::vector<DefensePlan::Coverage>> CoverageOf(const TargetGame& made) {
  CoverageOptions options;
  for (const Mitigation* mitigation : made.mitigations) options.mitigations.push_back(mitigation->id);
  TRY(found, FindDefenseCoverage(knowledge::BuiltinCatalog(), options));
  std::vector<DefensePlan::Coverage> coverage;
  for (const DefenseCoverage& each : found)
    coverage.push_back({each.mitigation->id, each.naive.value, each.adaptive.value,
                        std::max(each.naive.ground, each.adaptive.ground)});
  return coverage;
}

std::vector<std::string> Ids(const TargetGame& made, const games::Portfolio& portfolio) {
  std::vector<std::string> ids;
  for (const std::uint32_t defense : portfolio) ids.push_back(made.mitigations[defense]->id);
  return ids;
}

}  // namespace

Result<DefensePlan> PlanDefenses(const Target& target, const ReasonedTarget& reasoned,
                                 const DefenseQuestion& question) {
  const TargetGame made = GameOf(target, reasoned, question);
  if (made.game.goals.empty())
    return Error{Fault::kInvalidInput,
                 "there is nothing to defend: no state that costs its owner anything is still open to an attacker"};
  if (made.game.defenses.empty())
    return Error{Fault::kInvalidInput, "no mitigation of the catalog answers a step that is open in this target"};
  TRY(solution, games::SolveSecurityGame(made.game));

  // The losses rest on the weakest ground of what they are made of.
  Provenance ground = Provenance::kMeasured;
  for (const Step step : solution.undefended_way.steps)
    ground = std::max(ground, reasoned.graph.origins[step].provenance);
  for (const std::uint32_t defense : solution.pure.portfolio) ground = std::max(ground, GroundOf(made, defense));

  DefensePlan plan;
  plan.budget = question.budget;
  const auto exactly = [&](double value) { return Quantity{value, value, value, ground}; };
  plan.loss_undefended = exactly(solution.undefended);
  plan.loss = exactly(solution.pure.loss);
  plan.optimal = solution.pure.optimal;
  plan.lower_bound = solution.pure.lower_bound;
  plan.mixed_loss = exactly(solution.mixed.upper_bound);
  if (question.draws >= 2) {
    games::ValueIntervalOptions interval_options;
    interval_options.draws = question.draws;
    TRY(intervals, games::JudgeValue(made.game, solution, SamplerOf(made, reasoned, question.seed), interval_options));
    const auto widen = [](Quantity& quantity, const statistics::Interval& interval) {
      quantity.low = std::min(quantity.value, interval.lower);
      quantity.high = std::max(quantity.value, interval.upper);
    };
    widen(plan.loss_undefended, intervals.undefended);
    widen(plan.loss, intervals.pure);
    widen(plan.mixed_loss, intervals.mixed);
  }

  for (const games::Deployment& deployment : games::OrderDeployment(made.game, solution.pure.portfolio)) {
    const Mitigation& mitigation = *made.mitigations[deployment.defense];
    plan.deploy.push_back({mitigation.id,
                           mitigation.title,
                           {mitigation.cost.effort, mitigation.cost.latency, mitigation.cost.utility},
                           deployment.loss,
                           GroundOf(made, deployment.defense)});
  }
  for (const games::MixedSolution::PlayedPortfolio& played : solution.mixed.portfolios)
    plan.mixed.push_back({played.probability, Ids(made, played.portfolio)});
  if (!solution.pure.answer.steps.empty())
    plan.open.push_back(Describe(made, reasoned, solution.pure.answer, solution.pure.portfolio));
  TRY(coverage, CoverageOf(made));
  plan.coverage = std::move(coverage);
  return plan;
}

Result<Defended> Defend(const DefendRequest& request) {
  Defended defended;
  TRY(target, OpenTarget(request.target));
  ReasonRequest reason = request.reason;
  if (!request.store.empty()) {
    TRY(observations, ListEvidence(request.store));
    reason.options.observations = std::move(observations);
  }
  TRY(reasoned, Reason(target, reason));
  DefenseQuestion question = request.question;
  question.budget = request.budget.value_or(target.budget.value_or(kUsualBudget));
  TRY(plan, PlanDefenses(target, reasoned, question));
  defended.target = std::move(target);
  defended.reasoning = std::move(reasoned.reasoning);
  defended.reasoning.defense = std::move(plan);
  return defended;
}

}  // namespace ringfort
