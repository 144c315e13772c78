#include <gmock/gmock.h>

#include <map>
#include <set>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSmall = R"(id: ATLAS
version: 9.9.9
matrices:
- id: ATLAS
  tactics:
  - id: AML.TA0000
    name: First
  - id: AML.TA0001
    name: Second
    created_date: 2024-01-02
  techniques:
  - id: AML.T0000
    name: A technique
    description: "  What it is.\n"
    maturity: realized
    ATT&CK-reference: {id: T1, url: https://example.invalid/T1}
    tactics: [AML.TA0000, AML.TA0001]
  - id: AML.T0000.000
    name: A part of it
    subtechnique-of: AML.T0000
  mitigations:
  - id: AML.M0000
    name: A mitigation
    techniques:
    - {id: AML.T0000, use: So.}
    ml-lifecycle:
    - Deployment
    - id: AML.T0000.000
      use: And so.
    category: [Policy]
case-studies:
- id: AML.CS0000
  name: A case
  summary: What happened.
  case-study-type: incident
  procedure:
  - {tactic: AML.TA0000, technique: AML.T0000, description: One.}
  - {tactic: AML.TA0001, technique: AML.T0000.000, description: Two.}
  references:
  - {title: A paper, url: 'https://example.invalid/p'}
)";

TEST(ImportAtlas, ReadsWhatStandsInASmallFile) {
  const Import import = Imported(ImportAtlas(kSmall, "small.yaml"));
  EXPECT_THAT(import.warnings, ElementsAre("small.yaml:28: technique 'AML.T0000.000' stands in 'ml-lifecycle' of "
                                           "'AML.M0000', where stages belong; taken as one of its techniques"));
  const ThreatGraph& graph = import.graph;
  const Node& technique = graph.node(graph.Find("AML.T0000"));
  EXPECT_EQ(technique.kind, NodeKind::kTechnique);
  EXPECT_EQ(technique.title, "A technique");
  EXPECT_EQ(technique.text, "What it is.");
  EXPECT_EQ(PropertyOf(technique, "maturity"), "realized");
  EXPECT_EQ(PropertyOf(technique, "attack_id"), "T1");
  EXPECT_THAT(technique.sources, ElementsAre(Source{"MITRE ATLAS", "9.9.9", "small.yaml:12"}));
  const Node& second = graph.node(graph.Find("AML.CS0000/2"));
  EXPECT_EQ(second.kind, NodeKind::kProcedure);
  EXPECT_EQ(second.title, "A part of it");
  EXPECT_EQ(second.text, "Two.");
  EXPECT_EQ(PropertyOf(second, "tactic"), "AML.TA0001");
  EXPECT_EQ(PropertyOf(graph.node(graph.Find("AML.CS0000")), "reference"), "https://example.invalid/p A paper");
  EXPECT_EQ(PropertyOf(graph.node(graph.Find("AML.M0000")), "lifecycle"), "Deployment");
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kAchieves), 2u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kMitigates), 2u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kHasStep), 2u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kFollows), 1u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kUses), 2u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kSpecializes), 1u);
}

TEST(ImportAtlas, SaysEachFaultInALineAndKeepsTheRest) {
  const Import import = Imported(ImportAtlas(R"(id: ATLAS
matrices:
- tactics:
  - {id: AML.TA0000, name: First}
  - {id: AML.TA0000, name: Again}
  - {name: Nameless}
  techniques:
  - {id: AML.T0000, tactics: [AML.TA0000, AML.TA0009, AML.T0001]}
  - {id: AML.T0001, subtechnique-of: AML.T0002}
  - {id: AML.T0002, subtechnique-of: AML.T0001}
  - {id: AML.T0003, subtechnique-of: AML.T0003}
  - {id: AML.T0004, tactics: none}
  mitigations:
  - {id: AML.M0000, techniques: [{id: AML.T0000}, {id: AML.T0000}, {id: AML.TA0000}], ml-lifecycle: [{use: x}]}
case-studies:
- id: AML.CS0000
  procedure:
  - {tactic: AML.T0000, technique: AML.T0000}
  - {tactic: AML.TA0000, technique: gone}
)",
                                             "dirty.yaml"));
  EXPECT_THAT(
      import.warnings,
      testing::UnorderedElementsAre(
          "dirty.yaml:5: the id 'AML.TA0000' was used before, on line 4; this entry is left out",
          "dirty.yaml:6: an entry without an id is left out", "dirty.yaml:12: 'tactics' is no list",
          "dirty.yaml:14: a map without an id stands in 'ml-lifecycle' of 'AML.M0000'",
          "dirty.yaml:18: step 1 of 'AML.CS0000/1' names no tactic of this file: 'AML.T0000'",
          "dirty.yaml:8: 'AML.T0000' achieves 'AML.TA0009', but 'AML.TA0009' is not in the file",
          "dirty.yaml:8: 'AML.T0000' achieves 'AML.T0001', but 'AML.T0001' is a technique, not a tactic",
          "dirty.yaml:10: 'AML.T0002' specializes 'AML.T0001' closes a circle and is left out",
          "dirty.yaml:11: 'AML.T0003' specializes 'AML.T0003' closes a circle and is left out",
          "dirty.yaml:14: 'AML.M0000' mitigates 'AML.T0000' was stated before, on line 14; the two are one edge",
          "dirty.yaml:14: 'AML.M0000' mitigates 'AML.TA0000', but 'AML.TA0000' is a tactic, not a technique",
          "dirty.yaml:19: 'AML.CS0000/2' uses 'gone', but 'gone' is not in the file"));
  EXPECT_EQ(NodesOf(import.graph, NodeKind::kTechnique), 5u);
  EXPECT_EQ(EdgesOf(import.graph, EdgeKind::kSpecializes), 1u);
  ASSERT_EQ(EdgesOf(import.graph, EdgeKind::kMitigates), 1u);
  for (const Edge& edge : import.graph.edges())
    EXPECT_EQ(Statements(edge), edge.kind == EdgeKind::kMitigates ? 2u : 1u);
}

TEST(ImportAtlas, SurvivesHostileText) { Torment(std::string(kSmall), ImportAtlas); }

TEST(ImportAtlas, RefusesWhatIsNoCatalogOrNoYaml) {
  EXPECT_EQ(ImportAtlas("a: b", "x.yaml").error().what, "x.yaml:1: not an ATLAS catalog: it has no 'matrices'");
  const Result<Import> broken = ImportAtlas("matrices: [", "x.yaml");
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.error().what, HasSubstr("x.yaml:1"));
}

// The published file, 5.6.0: exact counts.
class PublishedAtlas : public testing::Test {
 protected:
  void SetUp() override {
    const std::string text = SharedText("ATLAS.yaml");
    SKIP_WITHOUT(text);
    import_ = Imported(ImportAtlas(text, "ATLAS.yaml"));
  }

  const ThreatGraph& graph() const { return import_.graph; }

  std::size_t TechniquesWithoutMitigation(bool recovered) const {
    std::size_t without = 0;
    for (NodeIndex i = 0; i < graph().nodes().size(); ++i) {
      if (graph().node(i).kind != NodeKind::kTechnique) continue;
      bool mitigated = false;
      for (const EdgeIndex at : graph().EdgesTo(i)) {
        const Edge& edge = graph().edge(at);
        mitigated = mitigated || (edge.kind == EdgeKind::kMitigates && (recovered || !Recovered(edge)));
      }
      without += !mitigated;
    }
    return without;
  }

  static bool Recovered(const Edge& edge) {
    for (const Property& property : edge.properties)
      if (property.name == "recovered") return true;
    return false;
  }

  Import import_{};
};

TEST_F(PublishedAtlas, HasItsNodes) {
  EXPECT_EQ(NodesOf(graph(), NodeKind::kTactic), 16u);
  EXPECT_EQ(NodesOf(graph(), NodeKind::kTechnique), 170u);
  EXPECT_EQ(NodesOf(graph(), NodeKind::kMitigation), 35u);
  EXPECT_EQ(NodesOf(graph(), NodeKind::kIncident), 57u);
  EXPECT_EQ(NodesOf(graph(), NodeKind::kProcedure), 449u);
  EXPECT_EQ(graph().nodes().size(), 16u + 170 + 35 + 57 + 449);
  std::map<std::string, int> maturity, types;
  for (const Node& node : graph().nodes()) {
    if (node.kind == NodeKind::kTechnique) ++maturity[std::string(PropertyOf(node, "maturity"))];
    if (node.kind == NodeKind::kIncident) ++types[std::string(PropertyOf(node, "case_study_type"))];
  }
  EXPECT_EQ(maturity, (std::map<std::string, int>{{"demonstrated", 89}, {"realized", 64}, {"feasible", 17}}));
  EXPECT_EQ(types, (std::map<std::string, int>{{"exercise", 40}, {"incident", 17}}));
}

TEST_F(PublishedAtlas, HasItsEdges) {
  EXPECT_EQ(EdgesOf(graph(), EdgeKind::kAchieves), 111u);
  EXPECT_EQ(EdgesOf(graph(), EdgeKind::kSpecializes), 69u);
  EXPECT_EQ(EdgesOf(graph(), EdgeKind::kUses), 449u);
  EXPECT_EQ(EdgesOf(graph(), EdgeKind::kHasStep), 449u);
  EXPECT_EQ(EdgesOf(graph(), EdgeKind::kFollows), 449u - 57);
  std::size_t stated = 0, recovered = 0;
  for (const Edge& edge : graph().edges()) {
    if (edge.kind != EdgeKind::kMitigates) continue;
    (Recovered(edge) ? recovered : stated) += Statements(edge);
  }
  EXPECT_EQ(stated, 246u);
  EXPECT_EQ(recovered, 2u);
  EXPECT_EQ(TechniquesWithoutMitigation(false), 96u);
  EXPECT_EQ(TechniquesWithoutMitigation(true), 95u);
}

TEST_F(PublishedAtlas, HasItsTransitionsBetweenTactics) {
  std::set<std::pair<std::string_view, std::string_view>> transitions;
  for (const Edge& edge : graph().edges())
    if (edge.kind == EdgeKind::kFollows)
      transitions.emplace(PropertyOf(graph().node(edge.to), "tactic"), PropertyOf(graph().node(edge.from), "tactic"));
  EXPECT_EQ(transitions.size(), 109u);
}

TEST_F(PublishedAtlas, NamesItsFaultsByLine) {
  EXPECT_THAT(import_.warnings, testing::SizeIs(4));
  EXPECT_THAT(import_.warnings, Contains(AllOf(HasSubstr("ATLAS.yaml:4787:"), HasSubstr("'AML.M0018'"),
                                               HasSubstr("'AML.T0052.001'"), HasSubstr("'ml-lifecycle'"))));
  EXPECT_THAT(import_.warnings, Contains(AllOf(HasSubstr("ATLAS.yaml:5404:"), HasSubstr("'AML.M0034'"),
                                               HasSubstr("'AML.T0052.001'"), HasSubstr("'ml-lifecycle'"))));
  EXPECT_THAT(import_.warnings, Contains(AllOf(HasSubstr("ATLAS.yaml:4053:"), HasSubstr("stated before"))));
  EXPECT_THAT(import_.warnings, Contains(AllOf(HasSubstr("ATLAS.yaml:4172:"), HasSubstr("stated before"))));
}

TEST_F(PublishedAtlas, TwiceIsOnce) {
  ThreatGraph twice = graph();
  twice.Add(Imported(ImportAny(SharedText("ATLAS.yaml"), "ATLAS.yaml")).graph);
  EXPECT_EQ(ExportGraph(twice), ExportGraph(graph()));
}

}  // namespace
}  // namespace ringfort::knowledge
