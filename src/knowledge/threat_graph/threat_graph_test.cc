#include "knowledge/threat_graph/threat_graph.h"

#include <gtest/gtest.h>

namespace ringfort::knowledge {
namespace {

const Source kAtlas{"MITRE ATLAS", "5.6.0", "ATLAS.yaml:1"};
const Source kOurs{"Ringfort", "1", "threats.yaml:2"};

ThreatGraph Small() {
  ThreatGraph graph;
  const NodeIndex technique = graph.Add(
      Node{"AML.T0020", NodeKind::kTechnique, "Poison Training Data", "", {{"maturity", "realized"}}, {kAtlas}});
  const NodeIndex tactic = graph.Mention("AML.TA0003", NodeKind::kTactic);
  graph.Add(Edge{EdgeKind::kAchieves, technique, tactic, {}, {kAtlas}});
  return graph;
}

TEST(ThreatGraph, TheSameTwiceChangesNothing) {
  ThreatGraph graph = Small();
  graph.Add(Small());
  EXPECT_EQ(graph.nodes().size(), 2u);
  EXPECT_EQ(graph.edges().size(), 1u);
  EXPECT_EQ(graph.node(0), Small().node(0));
  EXPECT_EQ(graph.edge(0).sources.size(), 1u);
  EXPECT_EQ(graph.EdgesTo(1).size(), 1u);
}

TEST(ThreatGraph, MergesWhatTwoSourcesSay) {
  ThreatGraph graph = Small();
  const NodeIndex again =
      graph.Add(Node{"AML.T0020", NodeKind::kThreat, "Another title", "A text.", {{"a", "b"}}, {kOurs}});
  EXPECT_EQ(again, 0u);
  const Node& node = graph.node(again);
  EXPECT_EQ(node.kind, NodeKind::kTechnique) << "a node that was added keeps its kind";
  EXPECT_EQ(node.title, "Poison Training Data");
  EXPECT_EQ(node.text, "A text.");
  EXPECT_EQ(PropertyOf(node, "maturity"), "realized");
  EXPECT_EQ(PropertyOf(node, "nothing"), "");
  EXPECT_EQ(node.properties.size(), 2u);
  EXPECT_EQ(node.sources.size(), 2u);
}

TEST(ThreatGraph, AMentionBecomesANode) {
  ThreatGraph graph = Small();
  EXPECT_TRUE(graph.OnlyMentioned(1));
  EXPECT_EQ(graph.Mention("AML.T0020", NodeKind::kThreat), 0u);
  EXPECT_FALSE(graph.OnlyMentioned(0));
  graph.Add(Node{"AML.TA0003", NodeKind::kTactic, "Resource Development", "", {}, {kAtlas}});
  EXPECT_FALSE(graph.OnlyMentioned(1));
  EXPECT_EQ(graph.node(1).title, "Resource Development");
  EXPECT_EQ(graph.Find("nothing"), kNoIndex);
}

TEST(ThreatGraph, EdgesOfOtherKindsOrWaysAreOthers) {
  ThreatGraph graph = Small();
  graph.Add(Edge{EdgeKind::kUses, 0, 1, {}, {kOurs}});
  graph.Add(Edge{EdgeKind::kAchieves, 1, 0, {}, {kOurs}});
  graph.Add(Edge{EdgeKind::kAchieves, 0, 1, {{"order", "1"}}, {kOurs}});
  EXPECT_EQ(graph.edges().size(), 3u);
  EXPECT_EQ(graph.edge(0).sources.size(), 2u);
  EXPECT_EQ(graph.edge(0).properties.size(), 1u);
  EXPECT_EQ(graph.EdgesFrom(0).size(), 2u);
}

TEST(ThreatGraph, NamesOfKindsGoBothWays) {
  for (std::size_t i = 0; i < kNodeKindNames.size(); ++i)
    EXPECT_EQ(NodeKindFromName(kNodeKindNames[i]), static_cast<NodeKind>(i));
  for (std::size_t i = 0; i < kEdgeKindNames.size(); ++i)
    EXPECT_EQ(EdgeKindFromName(kEdgeKindNames[i]), static_cast<EdgeKind>(i));
  EXPECT_FALSE(NodeKindFromName("nothing"));
}

}  // namespace
}  // namespace ringfort::knowledge
