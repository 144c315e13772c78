#include <gmock/gmock.h>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kRisks = R"(title: Risks
risks:
  - id: riskX
    title: X
    shortDescription: [Short.]
    longDescription:
      - >
        One
        paragraph.
      - - a point
        - another
    category: some
    personas: [personaA]
    controls: [controlA]
    examples: [Once upon a time.]
    mappings:
      mitre-atlas: [AML.T0020@5.0.1, AML.M0001]
      owasp-top10-llm: ['LLM04:2025']
      stride: [Tampering]
    lifecycleStage: [planning]
    impactType: [integrity]
    actorAccess: [external]
    externalReferences:
      - {title: A paper, url: 'https://example.invalid/p'}
)";

TEST(ImportCosai, ReadsARisk) {
  const Import import = Imported(ImportCosai(kRisks, "risks.yaml"));
  EXPECT_EQ(All(import.warnings), "");
  const ThreatGraph& graph = import.graph;
  const Node& risk = graph.node(graph.Find("riskX"));
  EXPECT_EQ(risk.kind, NodeKind::kRisk);
  EXPECT_EQ(risk.text, "One paragraph.\n- a point\n- another");
  EXPECT_EQ(PropertyOf(risk, "stride"), "Tampering");
  EXPECT_EQ(PropertyOf(risk, "summary"), "Short.");
  EXPECT_EQ(PropertyOf(risk, "reference"), "https://example.invalid/p A paper");
  std::vector<std::string> edges;
  for (const Edge& edge : graph.edges())
    edges.push_back(graph.node(edge.from).id + " " + std::string(Name(edge.kind)) + " " + graph.node(edge.to).id +
                    " (" + std::string(Name(graph.node(edge.to).kind)) + ")");
  EXPECT_THAT(edges,
              ElementsAre("riskX corresponds_to AML.T0020 (technique)", "riskX corresponds_to AML.M0001 (mitigation)",
                          "riskX corresponds_to LLM04:2025 (risk)", "riskX affects personaA (persona)",
                          "controlA mitigates riskX (risk)", "riskX occurs_in cosai.stage.planning (stage)",
                          "riskX belongs_to cosai.access.external (cluster)",
                          "riskX belongs_to cosai.impact.integrity (cluster)"));
  EXPECT_TRUE(graph.OnlyMentioned(graph.Find("controlA")));
}

TEST(ImportCosai, FlowsStandWithBothEndsOrAreSaid) {
  const Import import = Imported(ImportCosai(R"(components:
  - id: a
    title: A
    edges:
      to: [b, gone]
      from: []
  - id: b
    title: B
    edges:
      to: []
      from: [a, a]
  - id: c
    title: C
    edges:
      from: [b]
)",
                                             "c.yaml"));
  EXPECT_THAT(import.warnings,
              ElementsAre("c.yaml:5: the edge from 'a' to 'gone' does not stand under 'from' of 'gone'",
                          "c.yaml:15: the edge from 'b' to 'c' does not stand under 'to' of 'b'",
                          "c.yaml:5: 'gone' depends_on 'a', but 'gone' is not in the file"));
  ASSERT_EQ(import.graph.edges().size(), 2u);
  EXPECT_EQ(import.graph.node(import.graph.edge(0).from).id, "b") << "what is fed depends on what feeds it";
}

TEST(ImportCosai, ThePublishedMapHasItsCountsAndUnites) {
  SKIP_WITHOUT(SharedText("cosai/yaml/risks.yaml"));
  ThreatGraph graph;
  for (const char* name : {"actor-access", "components", "controls", "frameworks", "impact-type", "lifecycle-stage",
                           "personas", "risks"}) {
    const std::string file = std::string(name) + ".yaml";
    const Import import = Imported(ImportAny(SharedText("cosai/yaml/" + file), file));
    EXPECT_EQ(All(import.warnings), "");
    graph.Add(import.graph);
  }
  EXPECT_EQ(NodesOf(graph, NodeKind::kComponent), 23u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kRisk), 36u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kMitigation), 35u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kPersona), 10u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kStage), 8u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kCluster), 9u + 10) << "levels of access, kinds of impact";
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kDependsOn), 32u);
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const std::string& id = graph.node(i).id;
    EXPECT_EQ(graph.OnlyMentioned(i), id.starts_with("AML.") || id.starts_with("LLM")) << id;
  }
  EXPECT_FALSE(ImportAny(SharedText("cosai/yaml/mermaid-styles.yaml"), "mermaid-styles.yaml").ok());
}

TEST(ImportCosai, SurvivesHostileText) { Torment(std::string(kRisks), ImportCosai); }

}  // namespace
}  // namespace ringfort::knowledge
