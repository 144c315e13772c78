#include <algorithm>

#include "knowledge/catalog/catalog_builder_internal.h"
#include "knowledge/catalog/external_id_internal.h"

namespace ringfort::knowledge {

void CatalogBuilder::ReadAxis(EntryReader& entry) {
  AxisEntry axis;
  axis.axis = entry.OneOf<Axis>("id", kAxisNames);
  axis.title = entry.Text("title");
  axis.summary = entry.Sentence("summary");
  for (const AxisEntry& other : catalog_.axes)
    if (other.axis == axis.axis) entry.Fault(entry.line(), fmt::format("the axis '{}' stands twice", Name(axis.axis)));
  catalog_.axes.push_back(std::move(axis));
}

void CatalogBuilder::ReadAsset(EntryReader& entry) {
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
    if (state.Member("harm") != nullptr) capability.harm = state.Number("harm").value_or(0);
    if (!(capability.harm >= 0 && capability.harm <= 1))
      state.Fault(state.LineOf("harm"), "harm stands on a scale from 0 to 1");
    for (const Capability& other : asset.capabilities)
      if (other.id == capability.id) state.Fault(state.line(), fmt::format("'{}' stands twice", capability.id));
    asset.capabilities.push_back(std::move(capability));
  });
  if (entry.Member("traits") != nullptr)
    ReadList(entry, "traits", [&](EntryReader& word) {
      Trait trait;
      trait.id = word.Id();
      trait.summary = word.Sentence("summary");
      if (Find(asset.traits, trait.id) != nullptr) word.Fault(word.line(), fmt::format("'{}' stands twice", trait.id));
      asset.traits.push_back(std::move(trait));
    });
  catalog_.assets.push_back(std::move(asset));
}

void CatalogBuilder::ReadTie(EntryReader& entry) {
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

void CatalogBuilder::ReadStage(EntryReader& entry) {
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

void CatalogBuilder::ReadFamily(EntryReader& entry) {
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

void CatalogBuilder::ReadTechnique(EntryReader& entry) {
  Technique technique;
  technique.id = NewId(entry);
  technique.family = Reference(entry, "family", catalog_.families, "family");
  technique.title = entry.Text("title");
  technique.summary = entry.Sentence("summary");
  technique.finding_sets = entry.OptionalText("finding_sets");
  technique.finding_from = entry.OptionalOneOf("finding_from", kSeverityNames, Severity::kCritical);
  if (technique.finding_sets.empty() && technique.finding_from != Severity::kCritical)
    faults_.Add(file_, entry.LineOf("finding_from"), "'finding_from' says nothing without 'finding_sets'");
  if (!technique.finding_sets.empty())
    checks_.push_back([this, state = technique.finding_sets, file = file_, line = entry.LineOf("finding_sets")] {
      for (const AssetEntry& asset : catalog_.assets)
        if (Find(asset.capabilities, state) != nullptr) return;
      faults_.Add(file, line, fmt::format("no asset has the state '{}'", Printable(state, 80)));
    });
  technique.access = entry.ListOf<Access>("access", kAccessNames);
  technique.countered_by = entry.ListOf<Verb>("countered_by", kVerbNames);
  technique.crosswalk = ReadCrosswalk(entry);
  technique.references = ExternalIds(entry, "references", IsReference);
  catalog_.techniques.push_back(std::move(technique));
}

void CatalogBuilder::ReadVulnerability(EntryReader& entry) {
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

void CatalogBuilder::ReadMitigation(EntryReader& entry) {
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

void CatalogBuilder::ReadThreat(EntryReader& entry) {
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

void CatalogBuilder::ReadComponentRule(EntryReader& entry) {
  ComponentRule rule;
  rule.row_class = entry.Text("row_class");
  rule.capability = entry.OptionalText("capability");
  rule.component = entry.OneOf<ChannelComponent>("component", kChannelComponentNames);
  catalog_.component_rules.push_back(std::move(rule));
}

void CatalogBuilder::ReadTaxonomyRow(EntryReader& entry) {
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

void CatalogBuilder::ReadEdgeSet(EntryReader& entry) {
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

void CatalogBuilder::ReadPublishedTriple(EntryReader& entry) {
  PublishedTriple triple;
  triple.node = entry.Text("node");
  triple.label = entry.Text("label");
  triple.phase = entry.Text("phase");
  triple.layer = entry.Text("layer");
  triple.surface = entry.Text("surface");
  checks_.push_back([this, id = triple.node, file = file_, line = entry.LineOf("node")] {
    if (!Knows(catalog_, id)) faults_.Add(file, line, fmt::format("no entry has the id '{}'", Printable(id, 80)));
  });
  catalog_.published_triples.push_back(std::move(triple));
}

}  // namespace ringfort::knowledge
