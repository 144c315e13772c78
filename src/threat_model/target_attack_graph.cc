#include "threat_model/target_attack_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/text.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::Fact;
using attack_graph::Rule;
using attack_graph::Step;
using attack_graph::Term;
using knowledge::Catalog;
using knowledge::Mitigation;
using knowledge::StepRule;

Term Constant(std::string_view text) { return {std::string(text), false}; }
Term Variable(std::string_view name) { return {std::string(name), true}; }

constexpr std::string_view kKindPrefix = "is_";
constexpr std::string_view kTraitPredicate = "has";

Atom KindAtom(AssetKind kind, Term asset) { return {fmt::format("{}{}", kKindPrefix, Name(kind)), {std::move(asset)}}; }
Atom TieAtom(Relation relation, Term from, Term to) {
  return {std::string(Name(relation)), {std::move(from), std::move(to)}};
}
Atom TraitAtom(Term asset, std::string_view trait) {
  return {std::string(kTraitPredicate), {std::move(asset), Constant(trait)}};
}
Atom CapabilityAtom(Term asset, std::string_view capability) {
  return {"can", {std::move(asset), Constant(capability)}};
}

Rule RuleOf(const StepRule& step) {
  Rule rule;
  rule.name = step.id;
  rule.head = CapabilityAtom(Variable(step.gains.variable), step.gains.capability);
  for (const StepRule::Variable& variable : step.variables)
    rule.body.push_back(KindAtom(variable.kind, Variable(variable.name)));
  for (const StepRule::Demand& demand : step.traits)
    rule.body.push_back(TraitAtom(Variable(demand.variable), demand.trait));
  for (const StepRule::TieAtom& tie : step.ties)
    rule.body.push_back(TieAtom(tie.relation, Variable(tie.from), Variable(tie.to)));
  for (const StepRule::Atom& need : step.needs)
    rule.body.push_back(CapabilityAtom(Variable(need.variable), need.capability));
  rule.cost = step.cost;
  return rule;
}

Rule Given(Atom atom) {
  Rule rule;
  rule.name = "given";
  rule.head = std::move(atom);
  return rule;
}

template <class Entry>
Status Known(const std::vector<Entry>& entries, const std::set<std::string>& ids, std::string_view what) {
  for (const std::string& id : ids)
    if (knowledge::Find(entries, id) == nullptr)
      return Error{Fault::kInvalidInput, fmt::format("the catalog knows no {} '{}'", what, Printable(id, 120))};
  return Done{};
}

// With what the target says of itself.
TargetOptions Settled(const Target& target, TargetOptions options) {
  options.ruled_out.insert(target.ruled_out.begin(), target.ruled_out.end());
  options.mitigations.insert(target.mitigations.begin(), target.mitigations.end());
  for (const std::string& id : options.removed) options.mitigations.erase(id);
  return options;
}

Status Check(const Catalog& catalog, const Target& target, const std::vector<ObservedCapability>& observed,
             const TargetOptions& options) {
  for (const std::string& id : options.removed)
    if (std::ranges::find(target.mitigations, id) == target.mitigations.end())
      return Error{
          Fault::kInvalidInput,
          fmt::format("'{}' cannot be taken away: the target does not say that it is in place", Printable(id, 120))};
  TRY_STATUS(Known(catalog.step_rules, options.ruled_out, "step"));
  TRY_STATUS(Known(catalog.mitigations, options.mitigations, "mitigation"));
  for (const ObservedCapability& seen : observed)
    if (std::ranges::find(target.assets, seen.asset, &Asset::id) == target.assets.end())
      return Error{Fault::kInvalidInput, fmt::format("the target has no asset '{}'", Printable(seen.asset, 120))};
  return Done{};
}

// What the target says of itself, and the catalog's rules.
struct Premises {
  std::vector<Rule> rules{};
  std::vector<const StepRule*> origins{};  // by rule; nullptr: the target's word
};

Premises PremisesOf(const Catalog& catalog, const Target& target, const std::vector<ObservedCapability>& observed,
                    const TargetOptions& options) {
  Premises premises;
  const auto add = [&](Rule rule, const StepRule* origin) {
    premises.rules.push_back(std::move(rule));
    premises.origins.push_back(origin);
  };
  for (const Asset& asset : target.assets) {
    add(Given(KindAtom(asset.kind, Constant(asset.id))), nullptr);
    for (const std::string& trait : asset.traits) add(Given(TraitAtom(Constant(asset.id), trait)), nullptr);
  }
  for (const Tie& tie : target.ties) add(Given(TieAtom(tie.relation, Constant(tie.from), Constant(tie.to))), nullptr);
  for (const ObservedCapability& seen : observed)
    add(Given(CapabilityAtom(Constant(seen.asset), seen.capability)), nullptr);
  for (const StepRule& step : catalog.step_rules)
    if (!options.ruled_out.contains(step.id)) add(RuleOf(step), &step);
  return premises;
}

// The assets that a step is about: those whose kinds its rule asks for.
std::vector<std::string> AssetsOf(const attack_graph::Derivation& derivation, Step step) {
  std::vector<std::string> assets;
  for (const Fact fact : derivation.graph.Premises(step))
    if (const Atom& atom = derivation.facts[fact]; atom.predicate.starts_with(kKindPrefix))
      assets.push_back(atom.terms[0].text);
  return assets;
}

std::vector<const Mitigation*> AnswersTo(const Catalog& catalog, const StepRule& rule) {
  std::vector<const Mitigation*> answers;
  for (const std::string& id : rule.answered_by)
    if (const Mitigation* const mitigation = knowledge::Find(catalog.mitigations, id); mitigation != nullptr)
      answers.push_back(mitigation);
  return answers;
}

using ObservationsByStep = std::map<std::string, std::vector<Observation>, std::less<>>;

TargetAttackGraph::StepOrigin OriginOf(const Catalog& catalog, const StepRule& rule,
                                       const std::vector<std::string>& assets,
                                       const std::vector<Observation>& observations, const TargetOptions& options) {
  TargetAttackGraph::StepOrigin origin;
  origin.rule = &rule;
  if (!rule.certain) {
    origin.belief = BelieveStep(rule, assets, observations);
    origin.provenance = origin.belief.ground;
  }
  const double base_rate = rule.certain ? 1 : origin.belief.mean();
  const std::vector<const Mitigation*> mitigations = AnswersTo(catalog, rule);
  const std::vector<Belief> naive = BelieveResiduals(mitigations, false, rule, base_rate, assets, observations);
  const std::vector<Belief> adaptive = BelieveResiduals(mitigations, true, rule, base_rate, assets, observations);
  for (std::size_t i = 0; i < mitigations.size(); ++i) {
    origin.answers.push_back({mitigations[i], options.mitigations.contains(mitigations[i]->id), naive[i], adaptive[i]});
    const TargetAttackGraph::Answer& answer = origin.answers.back();
    if (answer.in_place) origin.provenance = std::max(origin.provenance, answer.residual(options.adaptive).ground);
  }
  return origin;
}

// Those that can have entered a belief on a step of the graph.
std::size_t CountUsed(const Catalog& catalog, const TargetAttackGraph& graph, const ObservationsByStep& by_step) {
  std::set<const StepRule*> rules;
  for (const TargetAttackGraph::StepOrigin& origin : graph.origins)
    if (origin.rule != nullptr) rules.insert(origin.rule);
  std::size_t used = 0;
  for (const StepRule* const rule : rules)
    if (const auto found = by_step.find(rule->id); found != by_step.end())
      for (const Observation& observation : found->second)
        used += (observation.mitigations.empty() ? !rule->certain
                                                 : PlacesOf(observation, AnswersTo(catalog, *rule)).has_value())
                    ? 1
                    : 0;
  return used;
}

}  // namespace

attack_graph::Fact TargetAttackGraph::Find(std::string_view asset, std::string_view capability) const {
  return derivation.Find(Text(CapabilityAtom(Constant(asset), capability)));
}

double TargetAttackGraph::ProbabilityWith(Step step, const std::function<bool(const Answer&)>& in_place) const {
  const StepOrigin& origin = origins[step];
  double probability = origin.is_uncertain() ? origin.belief.mean() : 1;
  for (const Answer& answer : origin.answers)
    if (in_place(answer)) probability *= answer.residual(adaptive).mean();
  return probability;
}

Result<TargetAttackGraph> BuildTargetAttackGraph(const Catalog& catalog, const Target& target,
                                                 const std::vector<ObservedCapability>& observed,
                                                 const TargetOptions& given) {
  const TargetOptions options = Settled(target, given);
  TRY_STATUS(Check(catalog, target, observed, options));
  const Premises premises = PremisesOf(catalog, target, observed, options);
  const std::vector<const StepRule*>& origin_of_rule = premises.origins;
  TRY(derivation, attack_graph::Derive(premises.rules));
  ObservationsByStep by_step;
  for (const Observation& observation : options.observations) by_step[observation.step].push_back(observation);
  const std::vector<Observation> none;
  TargetAttackGraph graph;
  graph.adaptive = options.adaptive;
  for (Step step = 0; step < derivation.rule_of_step.size(); ++step) {
    const StepRule* const rule = origin_of_rule[derivation.rule_of_step[step]];
    if (rule == nullptr) {
      graph.origins.push_back({});
      continue;
    }
    const auto observations = by_step.find(rule->id);
    graph.origins.push_back(OriginOf(catalog, *rule, AssetsOf(derivation, step),
                                     observations == by_step.end() ? none : observations->second, options));
  }
  graph.derivation = std::move(derivation);
  graph.unused_observations = options.observations.size() - CountUsed(catalog, graph, by_step);
  std::vector<double> probabilities;
  for (Step step = 0; step < graph.origins.size(); ++step)
    probabilities.push_back(
        graph.ProbabilityWith(step, [](const TargetAttackGraph::Answer& answer) { return answer.in_place; }));
  graph.derivation.graph = graph.derivation.graph.WithProbabilities(std::move(probabilities));
  return graph;
}

Result<LeftOutSteps> FindLeftOutSteps(const Catalog& catalog, const Target& target,
                                      const std::vector<ObservedCapability>& observed, const TargetOptions& given) {
  const TargetOptions options = Settled(target, given);
  TRY_STATUS(Check(catalog, target, observed, options));
  Target full = target;
  for (Asset& asset : full.assets) {
    asset.traits.clear();
    for (const knowledge::AssetEntry& entry : catalog.assets)
      if (entry.kind == asset.kind)
        for (const knowledge::Trait& trait : entry.traits) asset.traits.push_back(trait.id);
  }
  std::set<std::pair<std::string, std::string>> had;
  for (const Asset& asset : target.assets)
    for (const std::string& trait : asset.traits) had.emplace(asset.id, trait);

  const Premises premises = PremisesOf(catalog, full, observed, options);
  TRY(derivation, attack_graph::Derive(premises.rules));
  std::map<std::pair<std::string, std::string>, std::size_t> missing;
  LeftOutSteps left_out;
  for (Step step = 0; step < derivation.rule_of_step.size(); ++step) {
    if (premises.origins[derivation.rule_of_step[step]] == nullptr) continue;
    bool out = false;
    for (const Fact fact : derivation.graph.Premises(step)) {
      const Atom& atom = derivation.facts[fact];
      if (atom.predicate != kTraitPredicate) continue;
      const std::pair<std::string, std::string> wanted(atom.terms[0].text, atom.terms[1].text);
      if (had.contains(wanted)) continue;
      ++missing[wanted];
      out = true;
    }
    left_out.steps += out ? 1 : 0;
  }
  for (const auto& [wanted, steps] : missing) left_out.missing.push_back({wanted.first, wanted.second, steps});
  std::ranges::stable_sort(left_out.missing, std::ranges::greater(), &LeftOutSteps::Missing::steps);
  return left_out;
}

}  // namespace ringfort
