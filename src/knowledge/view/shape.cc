#include "knowledge/view/shape.h"

#include <algorithm>

namespace ringfort::knowledge {
namespace {

using enum NodeKind;

ShapeDefinition Ontology() {
  return {
      .published_name = "Schema 1, the TTP ontology graph",
      .nodes = {{kStage, "LifecycleStage", 9, "later 10; ours are finer, property in_published_graph holds the 9"},
                {kThreat, "TTP", 55,
                 "53 in the published graph, 73 or 105 in later texts; ours add 26 case studies and 12 incidents"},
                {kVulnerability, "Vulnerability", 21, "12 in the published graph; ours add the 6 of the extension"}},
      .edges = {{kThreat, EdgeKind::kOccursIn, kStage, "TTP -> Stage", 86,
                 "theirs are `as published`; the rest is ours, where they have none"},
                {kThreat, EdgeKind::kExploits, kVulnerability, "TTP -> Vulnerability", 636,
                 "theirs join each of 53 to each of 12 and say nothing; ours are fewer, each with its reason"}},
      .rules = {{kThreat,
                 {{EdgeKind::kUses, true, kTechnique}, {EdgeKind::kExploits, true, kVulnerability}},
                 EdgeKind::kExploits}},
      .remark = "Published: 74 nodes and 722 edges, of which 86 carry information."};
}

ShapeDefinition Heterogeneous() {
  return {
      .published_name = "Schema 2, the heterogeneous attack graph",
      .nodes = {{kPublishedVulnerability, "CVE", 11604, "not public; the study's tables hold 834"},
                {kComponent, "CPE / dependency", 9371, "not public; the study's tables hold 227"},
                {kIssue, "GitHub issue", 23128, "not public; the study's tables hold 312"},
                {kTechnique, "Attack technique", 1142,
                 "not public; ours are the catalog's, those it refers to, and the labels of the study's tables"},
                {kCluster, "Centroid of ASR, stealth, cost", 33,
                 "15, 10 and 8, over CVEs; ours are over techniques, for no table gives such figures of a CVE"}},
      .edges = {{kPublishedVulnerability, EdgeKind::kAffects, kComponent, "affects", {}, "from the study's tables"},
                {kPublishedVulnerability, EdgeKind::kReportedIn, kIssue, "reported_in", {}, "from the study's tables"},
                {kIssue, EdgeKind::kUses, kTechnique, "references", {}, "the study's tables hold no text of issues"},
                {kPublishedVulnerability,
                 EdgeKind::kEvidenceOf,
                 kTechnique,
                 "shares_vector",
                 {},
                 "theirs by likeness of words; ours by the study's labels, or by a weakness that both name"},
                {kPublishedVulnerability,
                 EdgeKind::kBelongsTo,
                 kCluster,
                 "member_of, stealth_sim, cost_sim",
                 {},
                 "the data behind theirs are not public"},
                {kTechnique, EdgeKind::kBelongsTo, kCluster, "", {}, "ours"}},
      .rules = {{kPublishedVulnerability,
                 {{EdgeKind::kSpecializes, true, kWeakness}, {EdgeKind::kExploits, false, kTechnique}},
                 EdgeKind::kEvidenceOf}},
      .remark =
          "Published: 57,812 nodes, though its rows sum to 45,278, and 218,906 edges. CVEs, components and issues "
          "come with the tables of the repository study: --with DIR."};
}

ShapeDefinition Reasoning() {
  return {
      .published_name = "Schema 3, the reasoning graph",
      .nodes = {{kThreat, "TTP", {}, ""},
                {kFamily, "", {}, "ours: the class of a threat; what causes what is stated of classes"},
                {kVulnerability, "vulnerability", {}, ""},
                {kStage, "lifecycle stage", {}, ""},
                {kAsset, "asset", {}, "ours: the kinds of assets of a target"},
                {kIncident, "incident", {}, "26 case studies and 12 incidents; more with ATLAS: --with ATLAS.yaml"}},
      .edges = {{kFamily,
                 EdgeKind::kCauses,
                 kFamily,
                 "causes",
                 {},
                 "ours: a step of the one gains what a step of the "
                 "other needs"},
                {kVulnerability, EdgeKind::kCauses, kThreat, "causes", {}, "exploits, read backwards"},
                {kVulnerability, EdgeKind::kCauses, kFamily, "causes", {}, "exploits, read backwards"},
                {kThreat, EdgeKind::kOccursIn, kStage, "occurs-in", {}, ""},
                {kFamily, EdgeKind::kOccursIn, kStage, "occurs-in", {}, ""},
                {kVulnerability, EdgeKind::kOccursIn, kStage, "occurs-in", {}, "none is stated"},
                {kFamily, EdgeKind::kTargets, kAsset, "targets", {}, "ours: the assets of the family"},
                {kThreat, EdgeKind::kTargets, kAsset, "targets", {}, "over its family"},
                {kIncident,
                 EdgeKind::kEvidenceOf,
                 kFamily,
                 "evidence-of",
                 {},
                 "ours; of ATLAS, over the techniques of its steps"},
                {kIncident, EdgeKind::kEvidenceOf, kThreat, "evidence-of", {}, "over a technique that both show"},
                {kAsset, EdgeKind::kDependsOn, kAsset, "has-dep", {}, "ours: what kinds of assets may be tied by"}},
      .rules = {{kVulnerability, {{EdgeKind::kExploits, false, kThreat}}, EdgeKind::kCauses},
                {kVulnerability, {{EdgeKind::kExploits, false, kFamily}}, EdgeKind::kCauses},
                {kThreat,
                 {{EdgeKind::kBelongsTo, true, kFamily}, {EdgeKind::kTargets, true, kAsset}},
                 EdgeKind::kTargets},
                {kIncident,
                 {{EdgeKind::kEvidenceOf, true, kTechnique}, {EdgeKind::kUses, false, kThreat}},
                 EdgeKind::kEvidenceOf},
                {kIncident,
                 {{EdgeKind::kHasStep, true, kProcedure},
                  {EdgeKind::kUses, true, kTechnique},
                  {EdgeKind::kCorrespondsTo, false, kFamily}},
                 EdgeKind::kEvidenceOf}},
      .remark =
          "No counts are published. Four of the five triples (phase, layer, surface) that are printed stand on "
          "nodes of ours, as properties ml_phase, software_layer, system_surface."};
}

}  // namespace

std::optional<Shape> ShapeFromName(std::string_view name) {
  const auto at = std::find(kShapeNames.begin(), kShapeNames.end(), name);
  if (at == kShapeNames.end()) return std::nullopt;
  return static_cast<Shape>(at - kShapeNames.begin());
}

const ShapeDefinition& DefinitionOf(Shape shape) {
  static const std::array<ShapeDefinition, 3> kDefinitions = {Ontology(), Heterogeneous(), Reasoning()};
  return kDefinitions[static_cast<std::size_t>(shape)];
}

bool Keeps(const ShapeDefinition& definition, const Node& node) {
  if (node.kind == kCluster) {
    // Other catalogs have clusters of other things (AVID's effects).
    const std::string_view measure = PropertyOf(node, "cluster");
    if (measure != "attack_success" && measure != "stealth" && measure != "cost") return false;
  }
  return std::any_of(definition.nodes.begin(), definition.nodes.end(),
                     [&](const ShapeNode& kept) { return kept.kind == node.kind; });
}

}  // namespace ringfort::knowledge
