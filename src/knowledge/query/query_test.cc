#include <gtest/gtest.h>

#include "knowledge/query/gaps.h"
#include "knowledge/query/graph_statistics.h"
#include "knowledge/query/search.h"
#include "knowledge/query/walk.h"

namespace ringfort::knowledge {
namespace {

const Source kAtlas{"MITRE ATLAS", "5.6.0", ""};
const Source kOurs{"Ringfort", "", ""};

// Two families, a technique of each, one threat, one defense in the list of threats,
// and two techniques of ATLAS of which one is answered only by a recovered link.
ThreatGraph Small() {
  ThreatGraph graph;
  const auto add = [&](const char* id, NodeKind kind, const char* title, const Source& source,
                       std::vector<Property> properties = {}) {
    return graph.Add(Node{id, kind, title, "", std::move(properties), {source}});
  };
  const auto link = [&](EdgeKind kind, NodeIndex from, NodeIndex to, std::vector<Property> properties = {}) {
    graph.Add(Edge{kind, from, to, std::move(properties), {kOurs}});
  };
  const NodeIndex poisoning = add("poisoning", NodeKind::kFamily, "Poisoning", kOurs);
  const NodeIndex evasion = add("evasion", NodeKind::kFamily, "Evasion", kOurs);
  const NodeIndex label_flip = add("poisoning.label_flip", NodeKind::kTechnique, "Label flip", kOurs);
  const NodeIndex patch = add("evasion.patch", NodeKind::kTechnique, "Adversarial patch", kOurs);
  const NodeIndex tay = add("threat.tay", NodeKind::kThreat, "Tay", kOurs, {{"kind", "case_study"}});
  const NodeIndex rain = add("threat.rain", NodeKind::kThreat, "RAIN", kOurs, {{"kind", "defense"}});
  const NodeIndex filter = add("mitigation.filter", NodeKind::kMitigation, "Filter records", kOurs);
  const NodeIndex t1 = add("AML.T0020", NodeKind::kTechnique, "Poison Training Data", kAtlas);
  add("AML.T0043", NodeKind::kTechnique, "Craft Adversarial Data", kAtlas);
  link(EdgeKind::kBelongsTo, label_flip, poisoning);
  link(EdgeKind::kBelongsTo, patch, evasion);
  link(EdgeKind::kBelongsTo, tay, poisoning);
  link(EdgeKind::kBelongsTo, rain, evasion);
  link(EdgeKind::kMitigates, filter, poisoning);
  link(EdgeKind::kMitigates, filter, t1, {{"recovered", "yes"}});
  graph.Mention("CWE-20", NodeKind::kWeakness);
  return graph;
}

TEST(Gaps, CountsByCatalogAndTellsWhatWasRecovered) {
  const ThreatGraph graph = Small();
  const Gaps gaps = FindGaps(graph, {"evasion"});
  ASSERT_EQ(gaps.techniques.size(), 2u);
  EXPECT_EQ(gaps.techniques[0].source, "MITRE ATLAS");
  EXPECT_EQ(gaps.techniques[0].all, 2u);
  EXPECT_EQ(gaps.techniques[0].unmitigated, (std::vector<NodeIndex>{graph.Find("AML.T0043")}));
  EXPECT_EQ(gaps.techniques[0].unmitigated_as_written, 2u);
  EXPECT_EQ(gaps.techniques[1].unmitigated, (std::vector<NodeIndex>{graph.Find("evasion.patch")}))
      << "a technique is answered by what answers its family";
  EXPECT_EQ(gaps.threats, 1u) << "a defense is no threat";
  EXPECT_EQ(gaps.threats_not_executable, (std::vector<NodeIndex>{graph.Find("threat.tay")}));
  EXPECT_TRUE(FindGaps(graph, {"poisoning"}).threats_not_executable.empty());
  EXPECT_EQ(gaps.families_unanswered, (std::vector<NodeIndex>{graph.Find("evasion")}));
}

TEST(Search, NearestFirstAndEveryWord) {
  const ThreatGraph graph = Small();
  const std::vector<SearchHit> hits = Search(graph, "POISON");
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_EQ(graph.node(hits[0].node).id, "poisoning");
  ASSERT_EQ(Search(graph, "training poison").size(), 1u);
  EXPECT_EQ(graph.node(Search(graph, "aml.t0020")[0].node).id, "AML.T0020");
  EXPECT_TRUE(Search(graph, "poison nonesuch").empty());
  EXPECT_TRUE(Search(graph, " ").empty());
  EXPECT_EQ(Search(graph, "poison", 1).size(), 1u);
}

TEST(GraphStatistics, CountsKindsSourcesAndComponents) {
  const GraphStatistics statistics = StatisticsOf(Small());
  EXPECT_EQ(statistics.nodes, 10u);
  EXPECT_EQ(statistics.edges, 6u);
  EXPECT_EQ(statistics.mentioned, 1u);
  EXPECT_EQ(statistics.nodes_by_kind[static_cast<std::size_t>(NodeKind::kTechnique)], 4u);
  EXPECT_EQ(statistics.edges_by_kind[static_cast<std::size_t>(EdgeKind::kMitigates)], 2u);
  ASSERT_EQ(statistics.sources.size(), 2u);
  EXPECT_EQ(statistics.sources[0].name, "MITRE ATLAS");
  EXPECT_EQ(statistics.sources[0].nodes, 2u);
  EXPECT_EQ(statistics.sources[1].edges, 6u);
  EXPECT_EQ(statistics.components, 4u);
  EXPECT_EQ(statistics.largest_component, 5u);
}

TEST(Walk, GoesBothWaysAlongEdges) {
  const ThreatGraph graph = Small();
  const std::vector<Walk> walks = FindWalks(graph, graph.Find("threat.tay"), graph.Find("AML.T0020"), 5);
  ASSERT_EQ(walks.size(), 1u);
  EXPECT_EQ(walks[0].nodes.size(), 4u);
  EXPECT_EQ(walks[0].edges.size(), 3u);
  EXPECT_TRUE(FindWalks(graph, graph.Find("threat.tay"), graph.Find("CWE-20"), 5).empty());
}

TEST(Walk, NeighborsByDistance) {
  const ThreatGraph graph = Small();
  EXPECT_EQ(NeighborsOf(graph, graph.Find("poisoning"), 0).size(), 1u);
  EXPECT_EQ(NeighborsOf(graph, graph.Find("poisoning"), 1).size(), 4u);
  const std::vector<Neighbor> two = NeighborsOf(graph, graph.Find("poisoning"), 2);
  ASSERT_EQ(two.size(), 5u);
  EXPECT_EQ(graph.node(two[4].node).id, "AML.T0020");
  EXPECT_EQ(two[4].distance, 2u);
}

}  // namespace
}  // namespace ringfort::knowledge
