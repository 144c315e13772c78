#include "knowledge/catalog/catalog_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/text.h"
#include "knowledge/catalog/entry_reader_internal.h"
#include "knowledge/catalog/external_id_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr double kPublishedWeight = 20, kAssumedWeight = 4, kRounding = 1e-9;

struct Place {
  std::string file;
  std::uint32_t line = 0;
};

// Where the parts of a step rule stand.
struct RulePlaces {
  std::string file;
  std::uint32_t variables = 0, needs = 0, ties = 0, gains = 0;
};

// What must wait until all files are read, because entries may name later ones.
using Check = std::function<void()>;

class Reader {
 public:
  CatalogReading Read(std::span<const CatalogSource> sources) {
    for (const CatalogSource& source : sources) ReadFile(source);
    for (const Check& check : checks_) check();
    return {std::move(catalog_), faults_.Take()};
  }

 private:
  void ReadFile(const CatalogSource& source) {
    const Result<Document> document = ReadDocument(source.text, source.name);
    if (!document.ok()) {
      faults_.AddLine(document.error().what);
      return;
    }
    file_ = source.name;
    EntryReader lists(document.value(), file_, faults_);
    ReadList(lists, "axes", [&](EntryReader& entry) { ReadAxis(entry); });
    ReadList(lists, "assets", [&](EntryReader& entry) { ReadAsset(entry); });
    ReadList(lists, "ties", [&](EntryReader& entry) { ReadTie(entry); });
    ReadList(lists, "stages", [&](EntryReader& entry) { ReadStage(entry); });
    ReadList(lists, "families", [&](EntryReader& entry) { ReadFamily(entry); });
    ReadList(lists, "techniques", [&](EntryReader& entry) { ReadTechnique(entry); });
    ReadList(lists, "vulnerabilities", [&](EntryReader& entry) { ReadVulnerability(entry); });
    ReadList(lists, "mitigations", [&](EntryReader& entry) { ReadMitigation(entry); });
    ReadList(lists, "threats", [&](EntryReader& entry) { ReadThreat(entry); });
    ReadList(lists, "component_rules", [&](EntryReader& entry) { ReadComponentRule(entry); });
    ReadList(lists, "taxonomy", [&](EntryReader& entry) { ReadTaxonomyRow(entry); });
    ReadList(lists, "edge_sets", [&](EntryReader& entry) { ReadEdgeSet(entry); });
    ReadList(lists, "step_rules", [&](EntryReader& entry) { ReadStepRule(entry); });
    lists.Finish();
  }

  template <class Function>
  void ReadList(EntryReader& parent, std::string_view name, Function read) {
    const Document* list = parent.Member(name);
    if (list == nullptr) return;
    if (!list->is_list()) return parent.Fault(list->line, fmt::format("'{}' must be a list", name));
    for (const Document& item : list->items) {
      EntryReader entry(item, parent.file(), faults_);
      if (!entry.usable()) continue;
      read(entry);
      entry.Finish();
    }
  }

  // Ids are unique over all lists: the threat graph makes a node of each.
  std::string NewId(EntryReader& entry, std::string_view prefix = "") {
    std::string id = entry.Id(prefix);
    if (id.empty()) return id;
    const Place here{file_, entry.LineOf("id")};
    const auto [known, added] = ids_.emplace(id, here);
    if (!added)
      entry.Fault(here.line,
                  fmt::format("the id '{}' stands already in {}:{}", id, known->second.file, known->second.line));
    return id;
  }

  template <class Entry>
  void MustKnow(const std::vector<Entry>& entries, std::string_view kind, std::string id, std::uint32_t line) {
    if (id.empty()) return;
    checks_.push_back([this, &entries, kind, id = std::move(id), line, file = file_] {
      if (Find(entries, id) == nullptr)
        faults_.Add(file, line, fmt::format("no {} has the id '{}'", kind, Printable(id, 80)));
    });
  }

  template <class Entry>
  std::string Reference(EntryReader& entry, std::string_view name, const std::vector<Entry>& entries,
                        std::string_view kind) {
    std::string id = entry.Text(name);
    MustKnow(entries, kind, id, entry.LineOf(name));
    return id;
  }

  template <class Entry>
  std::vector<std::string> References(EntryReader& entry, std::string_view name, const std::vector<Entry>& entries,
                                      std::string_view kind) {
    std::vector<std::string> ids;
    for (PlacedText& text : entry.PlacedTexts(name)) {
      MustKnow(entries, kind, text.text, text.line);
      ids.push_back(std::move(text.text));
    }
    return ids;
  }

  std::vector<std::string> ExternalIds(EntryReader& entry, std::string_view name, bool (*has_shape)(std::string_view)) {
    std::vector<std::string> ids;
    for (PlacedText& text : entry.PlacedTexts(name)) {
      if (!has_shape(text.text))
        entry.Fault(text.line, fmt::format("'{}' has not the shape of an id of '{}'", Printable(text.text, 80), name));
      ids.push_back(std::move(text.text));
    }
    return ids;
  }

  Crosswalk ReadCrosswalk(EntryReader& parent) {
    Crosswalk crosswalk;
    const Document* node = parent.Member("crosswalk");
    if (node == nullptr) return crosswalk;
    EntryReader entry(*node, file_, faults_);
    crosswalk.atlas = ExternalIds(entry, "atlas", IsAtlasTechnique);
    crosswalk.owasp = ExternalIds(entry, "owasp", IsOwasp);
    crosswalk.avid = ExternalIds(entry, "avid", IsAvid);
    crosswalk.cwe = ExternalIds(entry, "cwe", IsCwe);
    entry.Finish();
    return crosswalk;
  }

  Prior ReadPrior(EntryReader& parent, std::string_view name) {
    Prior prior;
    const Document* node = parent.Member(name);
    if (node == nullptr) {
      parent.Fault(parent.line(), fmt::format("'{}' is missing", name));
      return prior;
    }
    EntryReader entry(*node, file_, faults_);
    prior.successes = entry.Number("successes").value_or(1);
    prior.failures = entry.Number("failures").value_or(1);
    prior.kind = entry.OneOf<Provenance>("kind", kProvenanceNames);
    prior.source = entry.OptionalText("source");
    prior.note = entry.OptionalSentence("note");
    if (prior.successes <= 0 || prior.failures <= 0)
      entry.Fault(node->line, "a prior's successes and failures must be above zero");
    const double most = prior.kind == Provenance::kPublished ? kPublishedWeight : kAssumedWeight;
    if (prior.kind == Provenance::kMeasured)
      entry.Fault(node->line, "a prior is published or assumed; what was measured stands in the evidence store");
    else if (prior.weight() > most + kRounding)
      entry.Fault(node->line, fmt::format("a prior that is {} may weigh at most {} trials, not {}", Name(prior.kind),
                                          most, prior.weight()));
    if ((prior.kind == Provenance::kPublished) == prior.source.empty())
      entry.Fault(node->line, "a published prior names its source, an assumed one has none");
    entry.Finish();
    return prior;
  }

  // A list of fixed-length lists: `[[Model, query]]`.
  std::vector<std::vector<std::string>> Tuples(EntryReader& entry, std::string_view name, std::size_t length) {
    std::vector<std::vector<std::string>> tuples;
    const Document* list = entry.Member(name);
    if (list == nullptr) return tuples;
    if (!list->is_list()) {
      entry.Fault(list->line, fmt::format("'{}' must be a list", name));
      return tuples;
    }
    for (const Document& item : list->items) {
      std::vector<std::string> tuple;
      for (const Document& part : item.items) tuple.push_back(part.text);
      if (tuple.size() == length)
        tuples.push_back(std::move(tuple));
      else
        entry.Fault(item.line, fmt::format("'{}' must hold lists of {} words", name, length));
    }
    return tuples;
  }

  void ReadAxis(EntryReader& entry);
  void ReadAsset(EntryReader& entry);
  void ReadTie(EntryReader& entry);
  void ReadStage(EntryReader& entry);
  void ReadFamily(EntryReader& entry);
  void ReadTechnique(EntryReader& entry);
  void ReadVulnerability(EntryReader& entry);
  void ReadMitigation(EntryReader& entry);
  void ReadThreat(EntryReader& entry);
  void ReadComponentRule(EntryReader& entry);
  void ReadTaxonomyRow(EntryReader& entry);
  void ReadEdgeSet(EntryReader& entry);
  void ReadStepRule(EntryReader& entry);
  void CheckStepRule(const StepRule& rule, const RulePlaces& places);

  std::string file_;
  Faults faults_;
  Catalog catalog_;
  std::map<std::string, Place> ids_;
  std::vector<Check> checks_;
};

void Reader::ReadAxis(EntryReader& entry) {
  AxisEntry axis;
  axis.axis = entry.OneOf<Axis>("id", kAxisNames);
  axis.title = entry.Text("title");
  axis.summary = entry.Sentence("summary");
  for (const AxisEntry& other : catalog_.axes)
    if (other.axis == axis.axis) entry.Fault(entry.line(), fmt::format("the axis '{}' stands twice", Name(axis.axis)));
  catalog_.axes.push_back(std::move(axis));
}

void Reader::ReadAsset(EntryReader& entry) {
  AssetEntry asset;
  asset.kind = entry.OneOf<AssetKind>("kind", kAssetKindNames);
  asset.summary = entry.Sentence("summary");
  for (const AssetEntry& other : catalog_.assets)
    if (other.kind == asset.kind)
      entry.Fault(entry.line(), fmt::format("the asset '{}' stands twice", Name(asset.kind)));
  ReadList(entry, "capabilities", [&](EntryReader& state) {
    Capability capability;
    capability.id = state.Id();
    capability.summary = state.Sentence("summary");
    for (const Capability& other : asset.capabilities)
      if (other.id == capability.id) state.Fault(state.line(), fmt::format("'{}' stands twice", capability.id));
    asset.capabilities.push_back(std::move(capability));
  });
  catalog_.assets.push_back(std::move(asset));
}

void Reader::ReadTie(EntryReader& entry) {
  TieEntry tie;
  tie.relation = entry.OneOf<Relation>("relation", kRelationNames);
  tie.summary = entry.Sentence("summary");
  ReadList(entry, "between", [&](EntryReader& pair) {
    const auto from = pair.OneOf<AssetKind>("from", kAssetKindNames);
    const auto to = pair.OneOf<AssetKind>("to", kAssetKindNames);
    tie.between.push_back({from, to});
  });
  catalog_.ties.push_back(std::move(tie));
}

void Reader::ReadStage(EntryReader& entry) {
  Stage stage;
  stage.id = NewId(entry, "stage.");
  stage.title = entry.Text("title");
  stage.summary = entry.Sentence("summary");
  stage.domain = entry.OneOf<LifecycleStage>("domain", kLifecycleStageNames);
  stage.ttp_graph = entry.Texts("ttp_graph");
  stage.matrix = entry.Texts("matrix");
  stage.macro = entry.Texts("macro");
  stage.cosai = entry.Texts("cosai");
  catalog_.stages.push_back(std::move(stage));
}

void Reader::ReadFamily(EntryReader& entry) {
  Family family;
  family.id = NewId(entry);
  family.title = entry.Text("title");
  family.summary = entry.Sentence("summary");
  family.objective = entry.Text("objective");
  family.objective_by = entry.OneOf<StatedBy>("objective_by", kStatedByNames);
  family.source = entry.OneOf<AssetKind>("source", kAssetKindNames);
  family.destination = entry.OneOf<AssetKind>("destination", kAssetKindNames);
  family.axis = entry.OneOf<Axis>("axis", kAxisNames);
  ReadList(entry, "axes", [&](EntryReader& claim) {
    const auto axis = claim.OneOf<Axis>("axis", kAxisNames);
    family.axes.push_back({axis, claim.Text("by")});
  });
  if (std::none_of(family.axes.begin(), family.axes.end(),
                   [&](const AxisClaim& claim) { return claim.axis == family.axis; }))
    entry.Fault(entry.LineOf("axis"), "nobody among 'axes' claims the primary axis");
  family.modalities = entry.ListOf<Modality>("modalities", kModalityNames);
  family.model_families = entry.ListOf<ModelFamily>("model_families", kModelFamilyNames);
  family.stages = References(entry, "stages", catalog_.stages, "stage");
  family.channel = entry.ListOf<ChannelComponent>("channel", kChannelComponentNames);
  family.access = entry.ListOf<Access>("access", kAccessNames);
  family.subfamilies = entry.Texts("subfamilies");
  family.metrics = entry.Texts("metrics");
  family.vulnerabilities = References(entry, "vulnerabilities", catalog_.vulnerabilities, "vulnerability");
  family.mitigations = References(entry, "mitigations", catalog_.mitigations, "mitigation");
  family.references = ExternalIds(entry, "references", IsReference);
  family.crosswalk = ReadCrosswalk(entry);
  family.note = entry.OptionalSentence("note");
  catalog_.families.push_back(std::move(family));
}

void Reader::ReadTechnique(EntryReader& entry) {
  Technique technique;
  technique.id = NewId(entry);
  technique.family = Reference(entry, "family", catalog_.families, "family");
  technique.title = entry.Text("title");
  technique.summary = entry.Sentence("summary");
  technique.access = entry.ListOf<Access>("access", kAccessNames);
  technique.countered_by = entry.ListOf<Verb>("countered_by", kVerbNames);
  technique.crosswalk = ReadCrosswalk(entry);
  technique.references = ExternalIds(entry, "references", IsReference);
  catalog_.techniques.push_back(std::move(technique));
}

void Reader::ReadVulnerability(EntryReader& entry) {
  Vulnerability vulnerability;
  vulnerability.id = NewId(entry, "vulnerability.");
  vulnerability.title = entry.Text("title");
  vulnerability.summary = entry.Sentence("summary");
  vulnerability.critical = entry.Flag("critical");
  vulnerability.extension = entry.Flag("extension");
  vulnerability.families = References(entry, "families", catalog_.families, "family");
  vulnerability.cwe = ExternalIds(entry, "cwe", IsCwe);
  catalog_.vulnerabilities.push_back(std::move(vulnerability));
}

void Reader::ReadMitigation(EntryReader& entry) {
  Mitigation mitigation;
  mitigation.id = NewId(entry, "mitigation.");
  mitigation.title = entry.Text("title");
  mitigation.summary = entry.Sentence("summary");
  mitigation.level = entry.OneOf<MitigationLevel>("level", kMitigationLevelNames);
  mitigation.level_by = entry.OptionalOneOf<StatedBy>("level_by", kStatedByNames, StatedBy::kOurs);
  mitigation.verbs = entry.ListOf<Verb>("verbs", kVerbNames);
  mitigation.atlas = ExternalIds(entry, "atlas", IsAtlasMitigation);
  mitigation.families = References(entry, "families", catalog_.families, "family");
  mitigation.channel = entry.ListOf<ChannelComponent>("channel", kChannelComponentNames);
  if (const Document* node = entry.Member("cost"); node != nullptr) {
    EntryReader cost(*node, file_, faults_);
    mitigation.cost.effort = cost.Number("effort").value_or(0);
    mitigation.cost.latency = cost.Number("latency").value_or(0);
    mitigation.cost.utility = cost.Number("utility").value_or(0);
    mitigation.cost.note = cost.OptionalSentence("note");
    for (const double part : {mitigation.cost.effort, mitigation.cost.latency, mitigation.cost.utility})
      if (part < 0 || part > 5) cost.Fault(node->line, "costs stand on a scale from 0 to 5");
    cost.Finish();
  } else {
    entry.Fault(entry.line(), "'cost' is missing");
  }
  mitigation.residual = ReadPrior(entry, "residual");
  mitigation.residual_adaptive = ReadPrior(entry, "residual_adaptive");
  mitigation.evidence = entry.Sentence("evidence");
  mitigation.references = ExternalIds(entry, "references", IsReference);
  if (mitigation.verbs.empty()) entry.Fault(entry.line(), "a mitigation hardens, detects, isolates or evicts");
  if (mitigation.families.empty()) entry.Fault(entry.line(), "a mitigation answers at least one family");
  catalog_.mitigations.push_back(std::move(mitigation));
}

void Reader::ReadThreat(EntryReader& entry) {
  Threat threat;
  threat.id = NewId(entry, "threat.");
  threat.external = entry.Text("external");
  for (const Threat& other : catalog_.threats)
    if (other.external == threat.external)
      entry.Fault(entry.LineOf("external"), fmt::format("'{}' is '{}' already", threat.external, other.id));
  threat.title = entry.Text("title");
  threat.summary = entry.Sentence("summary");
  threat.kind = entry.OneOf<ThreatKind>("kind", kThreatKindNames);
  threat.stages = References(entry, "stages", catalog_.stages, "stage");
  threat.stages_by = entry.OneOf<StatedBy>("stages_by", kStatedByNames);
  ReadList(entry, "vulnerabilities", [&](EntryReader& link) {
    std::string id = Reference(link, "id", catalog_.vulnerabilities, "vulnerability");
    threat.vulnerabilities.push_back({std::move(id), link.Sentence("reason")});
  });
  threat.tactics = ExternalIds(entry, "tactics", IsAtlasTactic);
  threat.atlas_techniques = ExternalIds(entry, "atlas_techniques", IsAtlasTechnique);
  threat.techniques_by = entry.OptionalOneOf<StatedBy>("techniques_by", kStatedByNames, StatedBy::kOurs);
  threat.family = Reference(entry, "family", catalog_.families, "family");
  threat.techniques = References(entry, "techniques", catalog_.techniques, "technique");
  threat.axis = entry.OneOf<Axis>("axis", kAxisNames);
  threat.published_steps = entry.OptionalText("published_steps");
  threat.model = entry.OptionalText("model");
  threat.knowledge = entry.OptionalText("knowledge");
  threat.note = entry.OptionalSentence("note");
  if (threat.stages.empty()) entry.Fault(entry.line(), "a threat occurs in at least one stage");
  if (threat.vulnerabilities.empty()) entry.Fault(entry.line(), "a threat uses at least one vulnerability");
  if (threat.kind == ThreatKind::kDefense && threat.note.empty())
    entry.Fault(entry.line(), "an entry that is a defense says so in its note");
  catalog_.threats.push_back(std::move(threat));
}

void Reader::ReadComponentRule(EntryReader& entry) {
  ComponentRule rule;
  rule.row_class = entry.Text("row_class");
  rule.capability = entry.OptionalText("capability");
  rule.component = entry.OneOf<ChannelComponent>("component", kChannelComponentNames);
  catalog_.component_rules.push_back(std::move(rule));
}

void Reader::ReadTaxonomyRow(EntryReader& entry) {
  TaxonomyRow row;
  row.id = NewId(entry, "flow.");
  row.threat = entry.Text("threat");
  row.level = entry.Text("level");
  row.row_class = entry.Text("row_class");
  row.capability = entry.Text("capability");
  row.component = entry.OneOf<ChannelComponent>("component", kChannelComponentNames);
  row.modalities = entry.Text("modalities");
  row.flows = entry.Texts("flows");
  row.goal = entry.Text("goal");
  row.knowledge = entry.Text("knowledge");
  row.target = entry.Text("target");
  row.family = Reference(entry, "family", catalog_.families, "family");
  row.techniques = References(entry, "techniques", catalog_.techniques, "technique");
  row.note = entry.OptionalSentence("note");
  checks_.push_back([this, row, file = file_, line = entry.LineOf("component")] {
    const std::optional<ChannelComponent> component = ComponentByRule(catalog_, row);
    if (!component)
      faults_.Add(file, line, fmt::format("no component rule is for the class '{}'", Printable(row.row_class, 80)));
    else if (*component != row.component)
      faults_.Add(file, line, fmt::format("the component rule says '{}' here", Name(*component)));
  });
  catalog_.taxonomy.push_back(std::move(row));
}

void Reader::ReadEdgeSet(EntryReader& entry) {
  EdgeSet set;
  set.id = NewId(entry, "edges.");
  set.title = entry.Text("title");
  set.source = entry.Text("source");
  const double edges = entry.Number("edges").value_or(0);
  if (edges < 0 || edges > 1e12)
    entry.Fault(entry.LineOf("edges"), "'edges' must be a count");
  else
    set.edges = static_cast<std::uint64_t>(edges);
  set.informative = entry.Flag("informative");
  set.note = entry.Sentence("note");
  catalog_.edge_sets.push_back(std::move(set));
}

void Reader::ReadStepRule(EntryReader& entry) {
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
  checks_.push_back([this, rule,
                     places = RulePlaces{file_, entry.LineOf("variables"), entry.LineOf("needs"), entry.LineOf("ties"),
                                         entry.LineOf("gains")}] { CheckStepRule(rule, places); });
  catalog_.step_rules.push_back(std::move(rule));
}

// States must exist for the kind of their variable, and ties between the kinds of theirs.
void Reader::CheckStepRule(const StepRule& rule, const RulePlaces& places) {
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

}  // namespace

CatalogReading ReadCatalog(std::span<const CatalogSource> sources) { return Reader().Read(sources); }

}  // namespace ringfort::knowledge
