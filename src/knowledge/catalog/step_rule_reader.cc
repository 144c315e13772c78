#include <set>

#include "knowledge/catalog/catalog_builder_internal.h"

namespace ringfort::knowledge {

void CatalogBuilder::ReadStepRule(EntryReader& entry) {
  StepRule rule;
  rule.id = NewId(entry, "step.");
  rule.title = entry.Text("title");
  rule.family = entry.OptionalText("family");
  MustKnow(catalog_.families, "family", rule.family, entry.LineOf("family"));
  rule.technique = entry.OptionalText("technique");
  MustKnow(catalog_.techniques, "technique", rule.technique, entry.LineOf("technique"));
  if (const Document* node = entry.Member("variables"); node != nullptr) {
    EntryReader variables(*node, file_, faults_);
    if (!variables.usable()) return;
    for (const Document& member : node->items)
      rule.variables.push_back({member.name, variables.OneOf<AssetKind>(member.name, kAssetKindNames)});
  }
  if (const Document* node = entry.Member("traits"); node != nullptr) {
    EntryReader traits(*node, file_, faults_);
    if (!traits.usable()) return;
    for (const Document& member : node->items)
      for (std::string& trait : traits.Texts(member.name)) rule.traits.push_back({member.name, std::move(trait)});
  }
  for (std::vector<std::string>& atom : Tuples(entry, "needs", 2)) rule.needs.push_back({atom[0], atom[1]});
  for (std::vector<std::string>& tie : Tuples(entry, "ties", 3)) {
    const std::optional<Relation> relation = WordFromName<Relation>(kRelationNames, tie[1]);
    if (relation)
      rule.ties.push_back({tie[0], *relation, tie[2]});
    else
      entry.Fault(entry.LineOf("ties"), fmt::format("'{}' is no relation", Printable(tie[1], 80)));
  }
  const std::vector<std::string> gain = entry.Texts("gains");
  if (gain.size() == 2)
    rule.gains = {gain[0], gain[1]};
  else
    entry.Fault(entry.LineOf("gains"), "'gains' must be one variable and one capability");
  rule.access = entry.ListOf<Access>("access", kAccessNames);
  rule.modalities = entry.ListOf<Modality>("modalities", kModalityNames);
  rule.model_families = entry.ListOf<ModelFamily>("model_families", kModelFamilyNames);
  rule.stages = References(entry, "stages", catalog_.stages, "stage");
  rule.certain = entry.Flag("certain");
  if (rule.certain && entry.Member("prior") != nullptr)
    entry.Fault(entry.LineOf("prior"), "a step that is certain has no prior");
  else if (!rule.certain)
    rule.prior = ReadPrior(entry, "prior");
  rule.cost = entry.Number("cost").value_or(0);
  if (rule.cost < 0 || rule.cost > 5) entry.Fault(entry.LineOf("cost"), "costs stand on a scale from 0 to 5");
  rule.answered_by = References(entry, "answered_by", catalog_.mitigations, "mitigation");
  rule.note = entry.OptionalSentence("note");
  const Document* needs = entry.Member("needs");
  if ((needs == nullptr || needs->items.empty()) != rule.id.starts_with("step.entry."))
    entry.Fault(entry.line(), "rules without needs are entries, and their ids begin with 'step.entry.'");
  checks_.push_back(
      [this, rule,
       places = RulePlaces{file_, entry.LineOf("variables"), entry.LineOf("traits"), entry.LineOf("needs"),
                           entry.LineOf("ties"), entry.LineOf("gains")}] { CheckStepRule(rule, places); });
  catalog_.step_rules.push_back(std::move(rule));
}

// States must exist for the kind of their variable, and ties between the kinds of theirs.
void CatalogBuilder::CheckStepRule(const StepRule& rule, const RulePlaces& places) {
  const auto fault = [&](std::uint32_t line, const std::string& what) { faults_.Add(places.file, line, what); };
  std::map<std::string, AssetKind> kinds;
  for (const StepRule::Variable& variable : rule.variables) kinds[variable.name] = variable.kind;
  std::set<std::string> bound;
  const auto kind_of = [&](const std::string& variable, std::uint32_t line) -> std::optional<AssetKind> {
    bound.insert(variable);
    const auto found = kinds.find(variable);
    if (found != kinds.end()) return found->second;
    fault(line, fmt::format("'{}' is none of the rule's variables", Printable(variable, 80)));
    return std::nullopt;
  };
  const auto check_atom = [&](const StepRule::Atom& atom, std::uint32_t line) {
    if (const auto kind = kind_of(atom.variable, line); kind && !HasCapability(catalog_, *kind, atom.capability))
      fault(line, fmt::format("an asset of kind '{}' has no state '{}'", Name(*kind), Printable(atom.capability, 80)));
  };
  for (const StepRule::Demand& demand : rule.traits)  // binds nothing: an asset is not found by its traits alone
    if (const auto found = kinds.find(demand.variable); found == kinds.end())
      fault(places.traits, fmt::format("'{}' is none of the rule's variables", Printable(demand.variable, 80)));
    else if (!HasTrait(catalog_, found->second, demand.trait))
      fault(places.traits,
            fmt::format("an asset of kind '{}' has no trait '{}'", Name(found->second), Printable(demand.trait, 80)));
  for (const StepRule::Atom& atom : rule.needs) check_atom(atom, places.needs);
  for (const StepRule::TieAtom& tie : rule.ties) {
    const auto from = kind_of(tie.from, places.ties), to = kind_of(tie.to, places.ties);
    if (!from || !to) continue;
    bool possible = false;
    for (const TieEntry& known : catalog_.ties)
      for (const TieEntry::Ends& ends : known.between)
        possible |= known.relation == tie.relation && ends.from == *from && ends.to == *to;
    if (!possible)
      fault(places.ties,
            fmt::format("no asset of kind '{}' {} one of kind '{}'", Name(*from), Name(tie.relation), Name(*to)));
  }
  // The gain of a rule without needs binds its own variable; any other must reach it.
  if (!rule.needs.empty() && !bound.contains(rule.gains.variable) && kinds.contains(rule.gains.variable))
    fault(places.gains, fmt::format("nothing binds '{}', which gains", rule.gains.variable));
  check_atom(rule.gains, places.gains);
  for (const auto& [name, kind] : kinds)
    if (!bound.contains(name)) fault(places.variables, fmt::format("the variable '{}' is used nowhere", name));
}

}  // namespace ringfort::knowledge
