#include "knowledge/catalog_graph/catalog_graph.h"

#include <gtest/gtest.h>

#include <algorithm>

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

}  // namespace
}  // namespace ringfort::knowledge
