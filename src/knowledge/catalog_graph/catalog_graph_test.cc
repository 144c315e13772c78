#include "knowledge/catalog_graph/catalog_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace ringfort::knowledge {
namespace {

std::size_t CountOf(const ThreatGraph& graph, NodeKind kind) {
  std::size_t count = 0;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i)
    count += graph.node(i).kind == kind && !graph.OnlyMentioned(i) ? 1 : 0;
  return count;
}

TEST(CatalogGraph, HoldsEveryEntryOfTheCatalog) {
  const Catalog& catalog = BuiltinCatalog();
  const ThreatGraph graph = GraphOf(catalog);
  EXPECT_EQ(CountOf(graph, NodeKind::kAxis), 4u);
  EXPECT_EQ(CountOf(graph, NodeKind::kThreat), 93u);
  EXPECT_EQ(CountOf(graph, NodeKind::kTaxonomyRow), 73u);
  EXPECT_EQ(CountOf(graph, NodeKind::kVulnerability), 27u);
  EXPECT_EQ(CountOf(graph, NodeKind::kFamily), catalog.families.size());
  EXPECT_EQ(CountOf(graph, NodeKind::kTechnique), catalog.techniques.size());
  EXPECT_EQ(CountOf(graph, NodeKind::kMitigation), catalog.mitigations.size());
}

TEST(CatalogGraph, OnlyOtherCatalogsAreMerelyMentioned) {
  const ThreatGraph graph = GraphOf(BuiltinCatalog());
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    if (!graph.OnlyMentioned(i)) continue;
    const std::string& id = graph.node(i).id;
    EXPECT_TRUE(id.starts_with("AML.") || id.starts_with("CWE-") || id.starts_with("LLM") || id.starts_with("ML") ||
                id.front() == 'S' || id.front() == 'E' || id.front() == 'P')
        << id;
  }
}

TEST(CatalogGraph, AJailbreakStandsOnTwoAxesWithWhoSaysSo) {
  const ThreatGraph graph = GraphOf(BuiltinCatalog());
  const NodeIndex jailbreak = graph.Find("jailbreak");
  ASSERT_NE(jailbreak, kNoIndex);
  std::vector<std::string> axes;
  for (const EdgeIndex edge : graph.EdgesFrom(jailbreak)) {
    if (graph.edge(edge).kind != EdgeKind::kBelongsTo) continue;
    axes.push_back(graph.node(graph.edge(edge).to).id);
    EXPECT_FALSE(graph.edge(edge).properties.empty());
  }
  EXPECT_NE(std::find(axes.begin(), axes.end(), "data_to_model"), axes.end());
  EXPECT_NE(std::find(axes.begin(), axes.end(), "data_to_data"), axes.end());
}

std::string ValueOf(const Edge& edge, std::string_view name) {
  for (const Property& property : edge.properties)
    if (property.name == name) return property.value;
  return "";
}

TEST(CatalogGraph, AssetsAreTargetedAndDependOnEachOther) {
  const Catalog& catalog = BuiltinCatalog();
  const ThreatGraph graph = GraphOf(catalog);
  EXPECT_EQ(CountOf(graph, NodeKind::kAsset), 4u);
  const auto depends = [&](const char* from, const char* to, const char* tie) {
    for (const EdgeIndex index : graph.EdgesFrom(graph.Find(from))) {
      const Edge& edge = graph.edge(index);
      if (edge.kind != EdgeKind::kDependsOn || graph.node(edge.to).id != to) continue;
      return std::count(edge.properties.begin(), edge.properties.end(), Property{"tie", tie}) == 1;
    }
    return false;
  };
  EXPECT_TRUE(depends("asset.model", "asset.dataset", "trained_on"));
  EXPECT_TRUE(depends("asset.endpoint", "asset.model", "serves"));
  EXPECT_FALSE(depends("asset.model", "asset.endpoint", "serves"));
  EXPECT_TRUE(depends("asset.dataset", "asset.endpoint", "logs_to")) << "a log holds what the endpoint said";
  EXPECT_FALSE(depends("asset.endpoint", "asset.dataset", "logs_to"));
  for (const Family& family : catalog.families) {
    std::vector<std::string> targets;
    for (const EdgeIndex edge : graph.EdgesFrom(graph.Find(family.id)))
      if (graph.edge(edge).kind == EdgeKind::kTargets) targets.push_back(graph.node(graph.edge(edge).to).id);
    EXPECT_EQ(targets.size(), family.source == family.destination ? 1u : 2u) << family.id;
    EXPECT_EQ(targets.front(), "asset." + std::string(Name(family.destination)));
  }
}

// A layer that joined every family to every other would say nothing.
TEST(CatalogGraph, CausesAreWhatAStepGainsAndAnotherNeeds) {
  const Catalog& catalog = BuiltinCatalog();
  const ThreatGraph graph = GraphOf(catalog);
  std::size_t causes = 0;
  for (const Edge& edge : graph.edges()) {
    if (edge.kind != EdgeKind::kCauses) continue;
    ++causes;
    EXPECT_NE(edge.from, edge.to);
    EXPECT_EQ(ValueOf(edge, "stated_by"), "ours");
    for (const Property& property : edge.properties) {
      if (property.name != "state") continue;
      const std::string capability = property.value.substr(property.value.find('.') + 1);
      bool gained = false, needed = false;
      for (const StepRule& rule : catalog.step_rules) {
        gained = gained || (rule.family == graph.node(edge.from).id && rule.gains.capability == capability);
        for (const StepRule::Atom& need : rule.needs)
          needed = needed || (rule.family == graph.node(edge.to).id && need.capability == capability);
      }
      EXPECT_TRUE(gained && needed) << graph.node(edge.from).id << " " << property.value;
    }
  }
  EXPECT_GE(causes, catalog.families.size());
  EXPECT_LT(causes, catalog.families.size() * (catalog.families.size() - 1) / 2);
  bool found = false;
  for (const EdgeIndex edge : graph.EdgesFrom(graph.Find("prompt_injection")))
    if (graph.edge(edge).kind == EdgeKind::kCauses && graph.node(graph.edge(edge).to).id == "agent_abuse")
      found = ValueOf(graph.edge(edge), "state") == "model.injected";
  EXPECT_TRUE(found);
}

TEST(CatalogGraph, IncidentsAreEvidence) {
  const ThreatGraph graph = GraphOf(BuiltinCatalog());
  EXPECT_EQ(CountOf(graph, NodeKind::kIncident), 38u) << "26 case studies and 12 incidents";
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    if (graph.node(i).kind != NodeKind::kIncident) continue;
    std::size_t families = 0, techniques = 0;
    for (const EdgeIndex edge : graph.EdgesFrom(i)) {
      if (graph.edge(edge).kind != EdgeKind::kEvidenceOf) continue;
      ++(graph.node(graph.edge(edge).to).kind == NodeKind::kFamily ? families : techniques);
    }
    EXPECT_EQ(families, 1u) << graph.node(i).id;
    EXPECT_GE(techniques, 1u) << graph.node(i).id;
  }
}

TEST(CatalogGraph, EveryTechniqueWithAStepStandsInOneClusterAMeasure) {
  const Catalog& catalog = BuiltinCatalog();
  const ThreatGraph graph = GraphOf(catalog);
  std::map<std::string, std::size_t> counted, clusters;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.node(i);
    if (node.kind != NodeKind::kCluster) continue;
    const std::string measure(PropertyOf(node, "cluster"));
    ++clusters[measure];
    counted[measure] += std::stoul(std::string(PropertyOf(node, "count")));
    EXPECT_EQ(std::to_string(graph.EdgesTo(i).size()), PropertyOf(node, "count")) << node.id;
    EXPECT_NE(node.text.find("Ours"), std::string::npos);
    for (const EdgeIndex edge : graph.EdgesTo(i)) {
      const double value = std::stod(ValueOf(graph.edge(edge), "value"));
      EXPECT_GE(value, std::stod(std::string(PropertyOf(node, "low")))) << node.id;
      EXPECT_LE(value, std::stod(std::string(PropertyOf(node, "high")))) << node.id;
    }
  }
  std::set<std::string> with_step;
  for (const StepRule& rule : catalog.step_rules)
    if (!rule.technique.empty()) with_step.insert(rule.technique);
  for (const char* measure : {"attack_success", "stealth", "cost"}) {
    EXPECT_EQ(counted[measure], with_step.size()) << measure;
    EXPECT_GE(clusters[measure], 2u);
    EXPECT_LE(clusters[measure], 5u);
  }
}

TEST(CatalogGraph, PublishedTriplesStandWhereTheyArePrinted) {
  const ThreatGraph graph = GraphOf(BuiltinCatalog());
  const Node& masterkey = graph.node(graph.Find("threat.masterkey"));
  EXPECT_EQ(PropertyOf(masterkey, "ml_phase"), "deploy");
  EXPECT_EQ(PropertyOf(masterkey, "software_layer"), "chat");
  EXPECT_EQ(PropertyOf(masterkey, "system_surface"), "public API");
  std::size_t with = 0;
  for (const Node& node : graph.nodes()) with += PropertyOf(node, "ml_phase").empty() ? 0 : 1;
  EXPECT_EQ(with, 4u) << "the fifth that is printed has no entry";
}

}  // namespace
}  // namespace ringfort::knowledge
