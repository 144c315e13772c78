#include "knowledge/catalog_graph/catalog_graph.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "knowledge/catalog_graph/family_causes_internal.h"
#include "knowledge/catalog_graph/technique_clusters_internal.h"

namespace ringfort::knowledge {
namespace {

class CatalogGraph {
 public:
  explicit CatalogGraph(const Catalog& catalog) : catalog_(catalog) {}

  ThreatGraph Make() {
    AddAxes();
    AddStages();
    AddFamilies();
    AddVulnerabilities();
    AddTechniques();
    AddMitigations();
    AddThreats();
    AddTaxonomy();
    AddAssets();
    AddCauses();
    AddClusters();
    AddTriples();
    return std::move(graph_);
  }

 private:
  Source source() const { return {"Ringfort", "", "catalog"}; }

  NodeIndex AddNode(NodeKind kind, std::string_view id, std::string_view title, std::string_view text,
                    std::vector<Property> properties = {}) {
    std::erase_if(properties, [](const Property& property) { return property.value.empty(); });
    return graph_.Add(
        Node{std::string(id), kind, std::string(title), std::string(text), std::move(properties), {source()}});
  }
  void Link(EdgeKind kind, NodeIndex from, NodeIndex to, std::vector<Property> properties = {}) {
    graph_.Add(Edge{kind, from, to, std::move(properties), {source()}});
  }
  // Links to entries that may come later, or from another catalog.
  void Link(EdgeKind kind, NodeIndex from, const std::vector<std::string>& ids, NodeKind other,
            std::vector<Property> properties = {}) {
    for (const std::string& id : ids) Link(kind, from, graph_.Mention(id, other), properties);
  }
  void LinkCrosswalk(NodeIndex from, const Crosswalk& crosswalk) {
    Link(EdgeKind::kCorrespondsTo, from, crosswalk.atlas, NodeKind::kTechnique);
    Link(EdgeKind::kCorrespondsTo, from, crosswalk.owasp, NodeKind::kRisk);
    Link(EdgeKind::kCorrespondsTo, from, crosswalk.avid, NodeKind::kRisk);
    Link(EdgeKind::kExploits, from, crosswalk.cwe, NodeKind::kWeakness);
  }
  static Property StatedByProperty(StatedBy by) { return {"stated_by", std::string(Name(by))}; }

  void AddAxes() {
    for (const AxisEntry& axis : catalog_.axes) AddNode(NodeKind::kAxis, Name(axis.axis), axis.title, axis.summary);
  }
  void AddStages() {
    for (const Stage& stage : catalog_.stages) {
      std::vector<Property> properties = {{"domain", std::string(Name(stage.domain))}};
      for (const std::string& name : stage.ttp_graph) properties.push_back({"in_published_graph", name});
      for (const std::string& name : stage.matrix) properties.push_back({"in_tactic_matrix", name});
      for (const std::string& name : stage.macro) properties.push_back({"in_macro_phases", name});
      for (const std::string& name : stage.cosai) properties.push_back({"in_cosai", name});
      AddNode(NodeKind::kStage, stage.id, stage.title, stage.summary, std::move(properties));
    }
  }
  void AddFamilies() {
    for (const Family& family : catalog_.families) {
      std::vector<Property> properties = {{"objective", family.objective},
                                          {"objective_by", std::string(Name(family.objective_by))},
                                          {"source_asset", std::string(Name(family.source))},
                                          {"destination_asset", std::string(Name(family.destination))},
                                          {"axis", std::string(Name(family.axis))},
                                          {"note", family.note}};
      for (const Modality modality : family.modalities) properties.push_back({"modality", std::string(Name(modality))});
      for (const ModelFamily model : family.model_families)
        properties.push_back({"model_family", std::string(Name(model))});
      for (const ChannelComponent component : family.channel)
        properties.push_back({"channel", std::string(Name(component))});
      for (const Access access : family.access) properties.push_back({"access", std::string(Name(access))});
      for (const std::string& metric : family.metrics) properties.push_back({"metric", metric});
      for (const std::string& reference : family.references) properties.push_back({"reference", reference});
      const NodeIndex node = AddNode(NodeKind::kFamily, family.id, family.title, family.summary, std::move(properties));
      for (const AxisClaim& claim : family.axes)
        Link(EdgeKind::kBelongsTo, node, graph_.Mention(Name(claim.axis), NodeKind::kAxis), {{"by", claim.by}});
      Link(EdgeKind::kOccursIn, node, family.stages, NodeKind::kStage);
      Link(EdgeKind::kExploits, node, family.vulnerabilities, NodeKind::kVulnerability);
      LinkCrosswalk(node, family.crosswalk);
      for (const std::string& mitigation : family.mitigations)
        Link(EdgeKind::kMitigates, graph_.Mention(mitigation, NodeKind::kMitigation), node);
    }
  }
  void AddVulnerabilities() {
    for (const Vulnerability& vulnerability : catalog_.vulnerabilities) {
      const NodeIndex node = AddNode(
          NodeKind::kVulnerability, vulnerability.id, vulnerability.title, vulnerability.summary,
          {{"critical", vulnerability.critical ? "yes" : "no"}, {"extension", vulnerability.extension ? "yes" : "no"}});
      for (const std::string& family : vulnerability.families)
        Link(EdgeKind::kExploits, graph_.Mention(family, NodeKind::kFamily), node);
      Link(EdgeKind::kCorrespondsTo, node, vulnerability.cwe, NodeKind::kWeakness);
    }
  }
  void AddTechniques() {
    for (const Technique& technique : catalog_.techniques) {
      std::vector<Property> properties;
      for (const Access access : technique.access) properties.push_back({"access", std::string(Name(access))});
      for (const Verb verb : technique.countered_by) properties.push_back({"countered_by", std::string(Name(verb))});
      for (const std::string& reference : technique.references) properties.push_back({"reference", reference});
      const NodeIndex node =
          AddNode(NodeKind::kTechnique, technique.id, technique.title, technique.summary, std::move(properties));
      Link(EdgeKind::kBelongsTo, node, graph_.Mention(technique.family, NodeKind::kFamily));
      LinkCrosswalk(node, technique.crosswalk);
    }
  }
  void AddMitigations() {
    for (const Mitigation& mitigation : catalog_.mitigations) {
      std::vector<Property> properties = {{"level", std::string(Name(mitigation.level))},
                                          {"evidence", mitigation.evidence}};
      for (const Verb verb : mitigation.verbs) properties.push_back({"verb", std::string(Name(verb))});
      for (const ChannelComponent component : mitigation.channel)
        properties.push_back({"channel", std::string(Name(component))});
      const NodeIndex node =
          AddNode(NodeKind::kMitigation, mitigation.id, mitigation.title, mitigation.summary, std::move(properties));
      Link(EdgeKind::kCorrespondsTo, node, mitigation.atlas, NodeKind::kMitigation);
      for (const std::string& family : mitigation.families)
        Link(EdgeKind::kMitigates, node, graph_.Mention(family, NodeKind::kFamily));
    }
  }
  void AddThreats() {
    for (const Threat& threat : catalog_.threats) {
      const NodeIndex node = AddNode(NodeKind::kThreat, threat.id, threat.title, threat.summary,
                                     {{"kind", std::string(Name(threat.kind))},
                                      {"external", threat.external},
                                      {"axis", std::string(Name(threat.axis))},
                                      {"published_steps", threat.published_steps},
                                      {"model", threat.model},
                                      {"knowledge", threat.knowledge},
                                      {"note", threat.note}});
      Link(EdgeKind::kBelongsTo, node, graph_.Mention(threat.family, NodeKind::kFamily));
      Link(EdgeKind::kTargets, node, graph_.Mention(Name(threat.axis), NodeKind::kAxis));
      Link(EdgeKind::kOccursIn, node, threat.stages, NodeKind::kStage, {StatedByProperty(threat.stages_by)});
      Link(EdgeKind::kUses, node, threat.techniques, NodeKind::kTechnique, {StatedByProperty(StatedBy::kOurs)});
      Link(EdgeKind::kUses, node, threat.atlas_techniques, NodeKind::kTechnique,
           {StatedByProperty(threat.techniques_by)});
      for (const VulnerabilityLink& link : threat.vulnerabilities)
        Link(EdgeKind::kExploits, node, graph_.Mention(link.vulnerability, NodeKind::kVulnerability),
             {{"reason", link.reason}, StatedByProperty(StatedBy::kOurs)});
      if (threat.kind == ThreatKind::kCaseStudy || threat.kind == ThreatKind::kIncident) AddIncident(threat, node);
    }
  }
  // What happened, beside the threat that the published list makes of it. The sentence
  // on a case study is left to ATLAS, whose entry it is.
  void AddIncident(const Threat& threat, NodeIndex of) {
    const NodeIndex node = AddNode(NodeKind::kIncident, threat.external, threat.title,
                                   threat.kind == ThreatKind::kIncident ? threat.summary : "");
    Link(EdgeKind::kCorrespondsTo, of, node);
    Link(EdgeKind::kEvidenceOf, node, graph_.Mention(threat.family, NodeKind::kFamily),
         {StatedByProperty(StatedBy::kOurs)});
    Link(EdgeKind::kEvidenceOf, node, threat.techniques, NodeKind::kTechnique, {StatedByProperty(StatedBy::kOurs)});
  }
  void AddTaxonomy() {
    for (const TaxonomyRow& row : catalog_.taxonomy) {
      const NodeIndex node = AddNode(NodeKind::kTaxonomyRow, row.id, row.threat, row.goal,
                                     {{"level", row.level},
                                      {"class", row.row_class},
                                      {"capability", row.capability},
                                      {"channel", std::string(Name(row.component))},
                                      {"modalities", row.modalities},
                                      {"knowledge", row.knowledge},
                                      {"target", row.target},
                                      {"note", row.note}});
      Link(EdgeKind::kBelongsTo, node, graph_.Mention(row.family, NodeKind::kFamily),
           {StatedByProperty(StatedBy::kOurs)});
      Link(EdgeKind::kUses, node, row.techniques, NodeKind::kTechnique, {StatedByProperty(StatedBy::kOurs)});
    }
  }

  NodeIndex MentionAsset(AssetKind kind) {
    return graph_.Mention("asset." + std::string(Name(kind)), NodeKind::kAsset);
  }
  void AddAssets() {
    for (const AssetEntry& asset : catalog_.assets) {
      std::string title(Name(asset.kind));
      title.front() = static_cast<char>(title.front() - 'a' + 'A');
      std::vector<Property> properties;
      for (const Capability& state : asset.capabilities) properties.push_back({"state", state.id});
      AddNode(NodeKind::kAsset, "asset." + std::string(Name(asset.kind)), title, asset.summary, std::move(properties));
    }
    for (const TieEntry& tie : catalog_.ties) {
      // What is written depends on the writer.
      const bool turned = tie.relation == Relation::kLogsTo;
      for (const TieEntry::Ends& ends : tie.between)
        Link(EdgeKind::kDependsOn, MentionAsset(turned ? ends.to : ends.from),
             MentionAsset(turned ? ends.from : ends.to),
             {{"tie", std::string(Name(tie.relation))}, StatedByProperty(StatedBy::kOurs)});
    }
    for (const Family& family : catalog_.families) {
      const NodeIndex node = graph_.Find(family.id);
      Link(EdgeKind::kTargets, node, MentionAsset(family.destination),
           {{"role", "destination"}, StatedByProperty(StatedBy::kOurs)});
      Link(EdgeKind::kTargets, node, MentionAsset(family.source),
           {{"role", "source"}, StatedByProperty(StatedBy::kOurs)});
    }
  }
  void AddCauses() {
    for (const FamilyCause& cause : CausesBetweenFamilies(catalog_)) {
      std::vector<Property> properties = {StatedByProperty(StatedBy::kOurs)};
      for (const std::string& state : cause.states) properties.push_back({"state", state});
      Link(EdgeKind::kCauses, graph_.Mention(cause.from, NodeKind::kFamily),
           graph_.Mention(cause.to, NodeKind::kFamily), std::move(properties));
    }
  }
  void AddClusters() {
    for (std::size_t i = 0; i < kTechniqueMeasureNames.size(); ++i) {
      const TechniqueClusters clusters = ClusterTechniques(catalog_, static_cast<TechniqueMeasure>(i));
      std::vector<NodeIndex> nodes;
      for (const statistics::Cluster& cluster : clusters.clustering.clusters)
        nodes.push_back(AddCluster(clusters.measure, nodes.size() + 1, cluster));
      for (std::size_t member = 0; member < clusters.members.size(); ++member) {
        const TechniqueClusters::Member& one = clusters.members[member];
        Link(EdgeKind::kBelongsTo, graph_.Find(one.technique), nodes[clusters.clustering.cluster_of[member]],
             {{"value", Figure(one.value)},
              {"ground", std::string(Name(one.ground))},
              StatedByProperty(StatedBy::kOurs)});
      }
    }
  }
  static std::string Figure(double value) { return fmt::format("{:.3g}", value); }
  NodeIndex AddCluster(TechniqueMeasure measure, std::size_t number, const statistics::Cluster& cluster) {
    const std::string_view words = measure == TechniqueMeasure::kAttackSuccess ? "Attack success"
                                   : measure == TechniqueMeasure::kStealth     ? "Stealth"
                                                                               : "Cost";
    const std::string_view meaning =
        measure == TechniqueMeasure::kAttackSuccess ? "the best chance among their steps, by the priors"
        : measure == TechniqueMeasure::kStealth
            ? "the chance to go past the best mitigation that detects them, 1 where the catalog has none"
            : "the least cost among their steps, from 0 (nothing) to 5 (a laboratory)";
    return AddNode(
        NodeKind::kCluster, fmt::format("cluster.{}.{}", Name(measure), number),
        fmt::format("{} about {}", words, Figure(cluster.center)),
        fmt::format("Techniques of the catalog alike in {}. Ours: of the published clusters (15 of attack success, 10 "
                    "of stealth, 8 of cost, over CVEs) only the numbers are public, not the data. These are the "
                    "fewest, up to {}, that leave {:.0f}% of the variance within clusters, and the best of so many.",
                    meaning, kMostClusters, kClusterUnexplained * 100),
        {{"cluster", std::string(Name(measure))},
         {"center", Figure(cluster.center)},
         {"spread", Figure(cluster.spread)},
         {"low", Figure(cluster.low)},
         {"high", Figure(cluster.high)},
         {"count", fmt::format("{}", cluster.count)},
         StatedByProperty(StatedBy::kOurs)});
  }
  void AddTriples() {
    for (const PublishedTriple& triple : catalog_.published_triples) {
      const NodeIndex known = graph_.Find(triple.node);
      if (known == kNoIndex) continue;
      Node node;
      node.id = triple.node;
      node.kind = graph_.node(known).kind;
      node.properties = {{"published_label", triple.label},
                         {"ml_phase", triple.phase},
                         {"software_layer", triple.layer},
                         {"system_surface", triple.surface}};
      graph_.Add(std::move(node));
    }
  }

  const Catalog& catalog_;
  ThreatGraph graph_{};
};

}  // namespace

ThreatGraph GraphOf(const Catalog& catalog) { return CatalogGraph(catalog).Make(); }

}  // namespace ringfort::knowledge
