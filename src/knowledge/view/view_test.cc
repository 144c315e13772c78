#include "knowledge/view/view.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/random.h"
#include "documents/document.h"
#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog_graph/catalog_graph.h"
#include "knowledge/exchange/export.h"

namespace ringfort::knowledge {
namespace {

constexpr std::array<Shape, 3> kShapes = {Shape::kOntology, Shape::kHeterogeneous, Shape::kReasoning};

NodeIndex Put(ThreatGraph& graph, const char* id, NodeKind kind) {
  return graph.Add(Node{id, kind, id, "", {}, {{"test", "", ""}}});
}
void Tie(ThreatGraph& graph, EdgeKind kind, NodeIndex from, NodeIndex to) {
  graph.Add(Edge{kind, from, to, {}, {{"test", "", ""}}});
}
const Edge* Between(const ThreatGraph& graph, std::string_view from, EdgeKind kind, std::string_view to) {
  for (const Edge& edge : graph.edges())
    if (edge.kind == kind && graph.node(edge.from).id == from && graph.node(edge.to).id == to) return &edge;
  return nullptr;
}
std::string ValueOf(const Edge& edge, std::string_view name) {
  for (const Property& property : edge.properties)
    if (property.name == name) return property.value;
  return "";
}

// Nodes and edges of every kind, joined at random.
ThreatGraph RandomGraph(std::uint64_t seed) {
  Random random(seed);
  ThreatGraph graph;
  for (int i = 0; i < 60; ++i) {
    Node node{"n" + std::to_string(i), static_cast<NodeKind>(random.Below(kNodeKindNames.size())), "", "", {}, {}};
    if (node.kind == NodeKind::kCluster && random.Below(2) == 0) node.properties = {{"cluster", "stealth"}};
    if (random.Below(5) == 0)
      graph.Mention(node.id, node.kind);
    else
      graph.Add(std::move(node));
  }
  // The kinds that shapes speak of more often, so that ways of two edges come up.
  constexpr std::array kOften = {EdgeKind::kUses,      EdgeKind::kExploits,   EdgeKind::kTargets,
                                 EdgeKind::kBelongsTo, EdgeKind::kEvidenceOf, EdgeKind::kSpecializes,
                                 EdgeKind::kCauses};
  for (int i = 0; i < 900; ++i)
    Tie(graph,
        random.Below(4) == 0 ? static_cast<EdgeKind>(random.Below(kEdgeKindNames.size()))
                             : kOften[random.Below(kOften.size())],
        static_cast<NodeIndex>(random.Below(60)), static_cast<NodeIndex>(random.Below(60)));
  return graph;
}

void CheckView(const ThreatGraph& graph, Shape shape) {
  const View view = ViewAs(graph, shape);
  EXPECT_FALSE(view.cut);
  const ShapeDefinition& definition = DefinitionOf(shape);
  std::size_t kept = 0;
  for (const Node& node : graph.nodes()) kept += Keeps(definition, node);
  EXPECT_EQ(view.graph.nodes().size(), kept);
  for (NodeIndex i = 0; i < view.graph.nodes().size(); ++i) {
    const NodeIndex known = graph.Find(view.graph.node(i).id);
    ASSERT_NE(known, kNoIndex);
    EXPECT_EQ(view.graph.node(i), graph.node(known));
    EXPECT_EQ(view.graph.OnlyMentioned(i), graph.OnlyMentioned(known));
  }
  std::set<std::tuple<EdgeKind, std::string, std::string>> of_graph;
  for (const Edge& edge : graph.edges()) of_graph.emplace(edge.kind, graph.node(edge.from).id, graph.node(edge.to).id);
  std::size_t counted = 0;
  for (const ViewCounts::Edges& edges : CountsOf(view.graph, shape).edges) counted += edges.all;
  EXPECT_EQ(counted, view.graph.edges().size()) << "an edge that the shape does not know";
  for (const Edge& edge : view.graph.edges()) {
    ASSERT_LT(edge.from, view.graph.nodes().size());
    ASSERT_LT(edge.to, view.graph.nodes().size());
    const bool derived = !ValueOf(edge, kDerivedProperty).empty();
    EXPECT_NE(of_graph.contains({edge.kind, view.graph.node(edge.from).id, view.graph.node(edge.to).id}), derived);
  }
  const std::string once = ExportGraph(view.graph);
  EXPECT_EQ(ExportGraph(ViewAs(view.graph, shape).graph), once) << "a view of a view is the same view";
}

TEST(View, IsPartOfTheGraphAndItsOwnView) {
  const ThreatGraph builtin = GraphOf(BuiltinCatalog());
  for (const Shape shape : kShapes) {
    SCOPED_TRACE(Name(shape));
    CheckView(builtin, shape);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) CheckView(RandomGraph(seed), shape);
    CheckView(ThreatGraph(), shape);
  }
}

// What a view of a view rests on, and that what is derived is kept.
TEST(Shape, EachRuleUsesUpAnEdgeThatIsLeftOut) {
  for (const Shape shape : kShapes) {
    const ShapeDefinition& definition = DefinitionOf(shape);
    const auto kept = [&](NodeKind from, EdgeKind kind, NodeKind to) {
      for (const ShapeEdge& edge : definition.edges)
        if (edge.from == from && edge.kind == kind && edge.to == to) return true;
      return false;
    };
    for (const ShapeRule& rule : definition.rules) {
      ASSERT_TRUE(rule.way.size() >= 1 && rule.way.size() <= 3);
      bool left_out = false;
      NodeKind at = rule.from;
      for (const ShapeRule::Step& step : rule.way) {
        left_out = left_out || !(step.along ? kept(at, step.kind, step.to) : kept(step.to, step.kind, at));
        at = step.to;
      }
      EXPECT_TRUE(left_out) << Name(shape) << " " << Name(rule.makes);
      EXPECT_TRUE(kept(rule.from, rule.makes, at)) << Name(shape) << " " << Name(rule.makes);
    }
  }
}

TEST(View, JoinsWhatALeftOutNodeJoined) {
  ThreatGraph graph;
  const NodeIndex threat = Put(graph, "threat", NodeKind::kThreat);
  const NodeIndex other = Put(graph, "other", NodeKind::kThreat);
  const NodeIndex technique = Put(graph, "technique", NodeKind::kTechnique);
  const NodeIndex hole = Put(graph, "hole", NodeKind::kVulnerability);
  Tie(graph, EdgeKind::kUses, threat, technique);
  Tie(graph, EdgeKind::kUses, other, technique);
  Tie(graph, EdgeKind::kExploits, technique, hole);
  Tie(graph, EdgeKind::kExploits, other, hole);
  const View view = ViewAs(graph, Shape::kOntology);
  EXPECT_EQ(view.graph.nodes().size(), 3u);
  ASSERT_EQ(view.graph.edges().size(), 2u);
  const Edge* const derived = Between(view.graph, "threat", EdgeKind::kExploits, "hole");
  ASSERT_NE(derived, nullptr);
  EXPECT_EQ(ValueOf(*derived, "derived"), "uses, exploits");
  EXPECT_EQ(ValueOf(*derived, "via"), "technique");
  EXPECT_EQ(ValueOf(*Between(view.graph, "other", EdgeKind::kExploits, "hole"), "derived"), "")
      << "the graph says it itself";
}

TEST(View, ReadsExploitsBackwardsAndTargetsOverTheFamily) {
  ThreatGraph graph;
  const NodeIndex threat = Put(graph, "threat", NodeKind::kThreat);
  const NodeIndex family = Put(graph, "family", NodeKind::kFamily);
  const NodeIndex asset = Put(graph, "asset", NodeKind::kAsset);
  const NodeIndex hole = Put(graph, "hole", NodeKind::kVulnerability);
  const NodeIndex technique = Put(graph, "technique", NodeKind::kTechnique);
  const NodeIndex incident = Put(graph, "incident", NodeKind::kIncident);
  Tie(graph, EdgeKind::kBelongsTo, threat, family);
  Tie(graph, EdgeKind::kTargets, family, asset);
  Tie(graph, EdgeKind::kExploits, threat, hole);
  Tie(graph, EdgeKind::kEvidenceOf, incident, technique);
  Tie(graph, EdgeKind::kUses, threat, technique);
  const View view = ViewAs(graph, Shape::kReasoning);
  EXPECT_EQ(view.graph.edges().size(), 4u);
  EXPECT_NE(Between(view.graph, "family", EdgeKind::kTargets, "asset"), nullptr);
  ASSERT_NE(Between(view.graph, "threat", EdgeKind::kTargets, "asset"), nullptr);
  EXPECT_EQ(ValueOf(*Between(view.graph, "threat", EdgeKind::kTargets, "asset"), "via"), "family");
  ASSERT_NE(Between(view.graph, "hole", EdgeKind::kCauses, "threat"), nullptr);
  EXPECT_EQ(ValueOf(*Between(view.graph, "hole", EdgeKind::kCauses, "threat"), "derived"), "exploits");
  ASSERT_NE(Between(view.graph, "incident", EdgeKind::kEvidenceOf, "threat"), nullptr);
}

TEST(View, ReadsTheStepsOfACaseStudyOfAtlas) {
  ThreatGraph graph;
  const NodeIndex incident = Put(graph, "AML.CS0030", NodeKind::kIncident);
  const NodeIndex technique = Put(graph, "AML.T0020", NodeKind::kTechnique);
  const NodeIndex family = Put(graph, "poisoning", NodeKind::kFamily);
  for (const char* id : {"AML.CS0030/1", "AML.CS0030/2"}) {
    const NodeIndex step = Put(graph, id, NodeKind::kProcedure);
    Tie(graph, EdgeKind::kHasStep, incident, step);
    Tie(graph, EdgeKind::kUses, step, technique);
  }
  Tie(graph, EdgeKind::kCorrespondsTo, family, technique);
  const View view = ViewAs(graph, Shape::kReasoning);
  ASSERT_EQ(view.graph.edges().size(), 1u);
  const Edge* const shown = Between(view.graph, "AML.CS0030", EdgeKind::kEvidenceOf, "poisoning");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(ValueOf(*shown, "derived"), "has_step, uses, corresponds_to");
  EXPECT_EQ(ValueOf(*shown, "via"), "AML.CS0030/1");
}

TEST(View, JoinsCvesToTechniquesOverTheWeakness) {
  ThreatGraph graph;
  const NodeIndex cve = Put(graph, "CVE-2024-12345", NodeKind::kPublishedVulnerability);
  const NodeIndex weakness = Put(graph, "CWE-502", NodeKind::kWeakness);
  const NodeIndex technique = Put(graph, "technique", NodeKind::kTechnique);
  const NodeIndex effect = Put(graph, "S0301", NodeKind::kCluster);
  const NodeIndex cheap = graph.Add(Node{"cheap", NodeKind::kCluster, "", "", {{"cluster", "cost"}}, {}});
  Tie(graph, EdgeKind::kSpecializes, cve, weakness);
  Tie(graph, EdgeKind::kExploits, technique, weakness);
  Tie(graph, EdgeKind::kBelongsTo, technique, cheap);
  Tie(graph, EdgeKind::kBelongsTo, technique, effect);
  const View view = ViewAs(graph, Shape::kHeterogeneous);
  EXPECT_EQ(view.graph.nodes().size(), 3u) << "a cluster of effects is none of this shape's";
  EXPECT_EQ(view.graph.edges().size(), 2u);
  ASSERT_NE(Between(view.graph, "CVE-2024-12345", EdgeKind::kEvidenceOf, "technique"), nullptr);
}

TEST(View, IsCutWhereAHubJoinsAllToAll) {
  ThreatGraph graph;
  const NodeIndex hub = Put(graph, "hub", NodeKind::kTechnique);
  for (int i = 0; i < 600; ++i) {
    Tie(graph, EdgeKind::kUses, graph.Mention("t" + std::to_string(i), NodeKind::kThreat), hub);
    Tie(graph, EdgeKind::kExploits, hub, graph.Mention("v" + std::to_string(i), NodeKind::kVulnerability));
  }
  const View view = ViewAs(graph, Shape::kOntology);
  EXPECT_TRUE(view.cut);
  EXPECT_LE(view.graph.edges().size(), kMostWays);
}

std::string SharedText(const std::string& name) {
  std::ifstream file(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The published graph itself: each of its 53 techniques is a threat of the view, and
// its 86 links to stages are the links that the view calls published, no more or less.
TEST(View, OntologyHoldsThePublishedGraph) {
  const std::string text = SharedText("ttp_graph_53x12x9.json");
  if (text.empty()) GTEST_SKIP() << "the shared data files are not beside the checkout";
  const Result<Document> document = ReadDocument(text, "ttp_graph");
  ASSERT_TRUE(document.ok());
  const View view = ViewAs(GraphOf(BuiltinCatalog()), Shape::kOntology);
  std::set<std::string> titles, techniques, stages;
  std::set<std::pair<std::string, std::string>> ours, theirs;
  for (const Node& node : view.graph.nodes()) {
    if (node.kind == NodeKind::kThreat) titles.insert(node.title);
    if (node.kind == NodeKind::kStage)
      for (const Property& property : node.properties)
        if (property.name == "in_published_graph") stages.insert(property.value);
  }
  std::size_t as_published = 0;
  for (const Edge& edge : view.graph.edges()) {
    if (edge.kind != EdgeKind::kOccursIn || ValueOf(edge, "stated_by") != "published") continue;
    ++as_published;
    for (const Property& property : view.graph.node(edge.to).properties)
      if (property.name == "in_published_graph") ours.emplace(view.graph.node(edge.from).title, property.value);
  }
  for (const Document& edge : document.value().List("edges")) {
    const std::string from(edge.Text("from")), to(edge.Text("to"));
    if (stages.contains(to)) theirs.emplace(from, to);
  }
  for (const Document& node : document.value().List("nodes")) {
    const std::string id(node.Text("id"));
    if (node.Text("color") == "red") techniques.insert(id);
  }
  EXPECT_EQ(techniques.size(), 53u);
  for (const std::string& technique : techniques) EXPECT_TRUE(titles.contains(technique)) << technique;
  EXPECT_EQ(theirs.size(), 86u);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(as_published, 86u);
  const ViewCounts counts = CountsOf(view.graph, Shape::kOntology);
  EXPECT_EQ(counts.edges[0].as_published, 86u);
  EXPECT_EQ(counts.edges[1].as_published, 0u) << "the complete layer is not taken over";
  EXPECT_LT(counts.edges[1].all, 636u);
}

TEST(View, ReasoningIsPopulated) {
  const View view = ViewAs(GraphOf(BuiltinCatalog()), Shape::kReasoning);
  const ViewCounts counts = CountsOf(view.graph, Shape::kReasoning);
  const ShapeDefinition& definition = DefinitionOf(Shape::kReasoning);
  for (std::size_t i = 0; i < counts.nodes.size(); ++i)
    EXPECT_GT(counts.nodes[i], 0u) << Name(definition.nodes[i].kind);
  for (std::size_t i = 0; i < counts.edges.size(); ++i) {
    const bool none = definition.edges[i].note == "none is stated";
    EXPECT_EQ(counts.edges[i].all == 0, none)
        << Name(definition.edges[i].from) << " " << Name(definition.edges[i].kind);
  }
  // Each threat of a family targets what the family does, and nothing twice.
  for (const Threat& threat : BuiltinCatalog().threats) {
    std::size_t targets = 0;
    for (const EdgeIndex edge : view.graph.EdgesFrom(view.graph.Find(threat.id)))
      targets += view.graph.edge(edge).kind == EdgeKind::kTargets;
    const Family* const family = Find(BuiltinCatalog().families, threat.family);
    ASSERT_NE(family, nullptr);
    EXPECT_EQ(targets, family->source == family->destination ? 1u : 2u) << threat.id;
  }
}

}  // namespace
}  // namespace ringfort::knowledge
