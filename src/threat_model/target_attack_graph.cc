#include "threat_model/target_attack_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::Rule;
using attack_graph::Term;
using knowledge::Catalog;
using knowledge::Mitigation;
using knowledge::StepRule;

Term Constant(std::string_view text) { return {std::string(text), false}; }
Term Variable(std::string_view name) { return {std::string(name), true}; }

Atom KindAtom(AssetKind kind, Term asset) { return {fmt::format("is_{}", Name(kind)), {std::move(asset)}}; }
Atom TieAtom(Relation relation, Term from, Term to) {
  return {std::string(Name(relation)), {std::move(from), std::move(to)}};
}
Atom CapabilityAtom(Term asset, std::string_view capability) {
  return {"can", {std::move(asset), Constant(capability)}};
}

// Of what the mitigations in place let through of a step.
double Residual(const Catalog& catalog, const StepRule& rule, const TargetOptions& options) {
  double residual = 1;
  for (const std::string& id : rule.answered_by) {
    if (!options.mitigations.contains(id)) continue;
    const Mitigation* const mitigation = knowledge::Find(catalog.mitigations, id);
    if (mitigation != nullptr)
      residual *= (options.adaptive ? mitigation->residual_adaptive : mitigation->residual).mean();
  }
  return residual;
}

Rule RuleOf(const Catalog& catalog, const StepRule& step, const TargetOptions& options) {
  Rule rule;
  rule.name = step.id;
  rule.head = CapabilityAtom(Variable(step.gains.variable), step.gains.capability);
  for (const StepRule::Variable& variable : step.variables)
    rule.body.push_back(KindAtom(variable.kind, Variable(variable.name)));
  for (const StepRule::TieAtom& tie : step.ties)
    rule.body.push_back(TieAtom(tie.relation, Variable(tie.from), Variable(tie.to)));
  for (const StepRule::Atom& need : step.needs)
    rule.body.push_back(CapabilityAtom(Variable(need.variable), need.capability));
  rule.probability = (step.certain ? 1.0 : step.prior.mean()) * Residual(catalog, step, options);
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

}  // namespace

attack_graph::Fact TargetAttackGraph::Find(std::string_view asset, std::string_view capability) const {
  return derivation.Find(Text(CapabilityAtom(Constant(asset), capability)));
}

Result<TargetAttackGraph> BuildTargetAttackGraph(const Catalog& catalog, const Target& target,
                                                 const std::vector<ObservedCapability>& observed,
                                                 const TargetOptions& options) {
  TRY_STATUS(Known(catalog.step_rules, options.ruled_out, "step"));
  TRY_STATUS(Known(catalog.mitigations, options.mitigations, "mitigation"));

  std::vector<Rule> rules;
  std::vector<const StepRule*> origin_of_rule;
  const auto add = [&](Rule rule, const StepRule* origin) {
    rules.push_back(std::move(rule));
    origin_of_rule.push_back(origin);
  };
  for (const Asset& asset : target.assets) add(Given(KindAtom(asset.kind, Constant(asset.id))), nullptr);
  for (const Tie& tie : target.ties) add(Given(TieAtom(tie.relation, Constant(tie.from), Constant(tie.to))), nullptr);
  for (const ObservedCapability& seen : observed) {
    const bool known = std::any_of(target.assets.begin(), target.assets.end(),
                                   [&](const Asset& asset) { return asset.id == seen.asset; });
    if (!known)
      return Error{Fault::kInvalidInput, fmt::format("the target has no asset '{}'", Printable(seen.asset, 120))};
    add(Given(CapabilityAtom(Constant(seen.asset), seen.capability)), nullptr);
  }
  for (const StepRule& step : catalog.step_rules)
    if (!options.ruled_out.contains(step.id)) add(RuleOf(catalog, step, options), &step);

  TRY(derivation, attack_graph::Derive(rules));
  TargetAttackGraph graph;
  for (const std::size_t rule : derivation.rule_of_step) {
    const StepRule* const step = origin_of_rule[rule];
    const bool assumed = step != nullptr && !step->certain && step->prior.kind == Provenance::kAssumed;
    const bool published = step != nullptr && !step->certain && step->prior.kind == Provenance::kPublished;
    graph.origins.push_back({step, assumed     ? Provenance::kAssumed
                                   : published ? Provenance::kPublished
                                               : Provenance::kMeasured});
  }
  graph.derivation = std::move(derivation);
  return graph;
}

}  // namespace ringfort
