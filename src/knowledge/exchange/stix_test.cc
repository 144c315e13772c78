#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "knowledge/catalog/catalog.h"
#include "knowledge/catalog_graph/catalog_graph.h"
#include "knowledge/exchange/exchange_test_internal.h"
#include "knowledge/exchange/name_uuid_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Objects of the kinds that others write, in as few bytes as it goes.
constexpr std::string_view kForeign =
    R"({"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":[
{"type":"x-mitre-tactic","spec_version":"2.1","id":"x-mitre-tactic--00000000-0000-4000-8000-000000000001","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","name":"Reconnaissance","x_mitre_shortname":"reconnaissance","external_references":[{"source_name":"mitre-atlas","external_id":"AML.TA0002","url":"https://example.invalid/t"}]},
{"type":"attack-pattern","spec_version":"2.1","id":"attack-pattern--00000000-0000-4000-8000-000000000002","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T01:00:00.000Z","name":"Search","description":"What.","kill_chain_phases":[{"kill_chain_name":"mitre-atlas","phase_name":"reconnaissance"},{"kill_chain_name":"other","phase_name":"weaponize"}],"external_references":[{"source_name":"mitre-atlas","external_id":"AML.T0000"},{"source_name":"A paper","url":"https://example.invalid/p"}]},
{"type":"course-of-action","spec_version":"2.1","id":"course-of-action--00000000-0000-4000-8000-000000000003","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","name":"Hide"},
{"type":"malware","spec_version":"2.1","id":"malware--00000000-0000-4000-8000-000000000004","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","name":"Worm","is_family":true},
{"type":"vulnerability","spec_version":"2.1","id":"vulnerability--00000000-0000-4000-8000-000000000005","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","name":"CVE-2024-12345","external_references":[{"source_name":"cve","external_id":"CVE-2024-12345"}]},
{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-000000000006","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","pattern":"[file:name = 'x']","pattern_type":"stix","valid_from":"2022-01-24T00:00:00Z"},
{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--00000000-0000-4000-8000-000000000007"},
{"type":"relationship","spec_version":"2.1","id":"relationship--00000000-0000-4000-8000-000000000008","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","relationship_type":"mitigates","description":"So.","source_ref":"course-of-action--00000000-0000-4000-8000-000000000003","target_ref":"attack-pattern--00000000-0000-4000-8000-000000000002"},
{"type":"relationship","spec_version":"2.1","id":"relationship--00000000-0000-4000-8000-000000000009","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","relationship_type":"indicates","source_ref":"indicator--00000000-0000-4000-8000-000000000006","target_ref":"malware--00000000-0000-4000-8000-000000000004"},
{"type":"report","spec_version":"2.1","id":"report--00000000-0000-4000-8000-00000000000a","created":"2022-01-24T00:00:00.000Z","modified":"2025-04-09T00:00:00.000Z","name":"R","published":"2022-01-24T00:00:00Z","revoked":true,"object_refs":["malware--00000000-0000-4000-8000-000000000004","relationship--00000000-0000-4000-8000-000000000009"]}
]})";

// The UUID that Python's uuid.uuid5 makes of the same namespace and name.
TEST(NameUuid, IsThatOfTheStandard) { EXPECT_EQ(NameUuid("AML.T0020"), "6cd3c7cb-18da-5865-b0d9-cc0512c29e48"); }

TEST(ImportStix, ReadsWhatOthersWrite) {
  const Import import = Imported(ImportStix(kForeign, "b.json"));
  EXPECT_EQ(All(import.warnings), "");
  const ThreatGraph& graph = import.graph;
  const Node& technique = graph.node(graph.Find("AML.T0000"));
  EXPECT_EQ(technique.kind, NodeKind::kTechnique);
  EXPECT_EQ(technique.text, "What.");
  EXPECT_EQ(PropertyOf(technique, "created"), "2022-01-24") << "as ATLAS's own file has it";
  EXPECT_EQ(PropertyOf(technique, "modified"), "2025-04-09T01:00:00.000Z");
  EXPECT_EQ(PropertyOf(technique, "reference"), "https://example.invalid/p A paper");
  EXPECT_EQ(PropertyOf(technique, "stix_type"), "");
  EXPECT_THAT(technique.sources, ElementsAre(Source{"STIX", "2.1", "b.json:3"}));
  const Node& worm = graph.node(graph.Find("malware--00000000-0000-4000-8000-000000000004"));
  EXPECT_EQ(worm.kind, NodeKind::kThreat);
  EXPECT_EQ(PropertyOf(worm, "stix_type"), "malware");
  EXPECT_EQ(graph.node(graph.Find("CVE-2024-12345")).kind, NodeKind::kPublishedVulnerability);
  const Node& report = graph.node(graph.Find("report--00000000-0000-4000-8000-00000000000a"));
  EXPECT_EQ(report.kind, NodeKind::kReport);
  EXPECT_EQ(PropertyOf(report, "revoked"), "true");
  std::vector<std::string> edges;
  for (const Edge& edge : graph.edges())
    edges.push_back(graph.node(edge.from).id + " " + std::string(Name(edge.kind)) + " " + graph.node(edge.to).id);
  EXPECT_THAT(edges, ElementsAre("AML.T0000 achieves AML.TA0002", "AML.T0000 achieves other/weaponize",
                                 "report--00000000-0000-4000-8000-00000000000a evidence_of "
                                 "malware--00000000-0000-4000-8000-000000000004",
                                 "course-of-action--00000000-0000-4000-8000-000000000003 mitigates AML.T0000",
                                 "indicator--00000000-0000-4000-8000-000000000006 evidence_of "
                                 "malware--00000000-0000-4000-8000-000000000004"));
}

TEST(ImportStix, SaysEachFaultInALine) {
  const auto object = [](const std::string& type, int number, const std::string& more) {
    return "{\"type\":\"" + type + "\",\"created\":\"2022-01-24T00:00:00Z\",\"modified\":\"2022-01-24T00:00:00Z\"," +
           "\"id\":\"" + type + "--00000000-0000-4000-8000-00000000000" + std::to_string(number) + "\"" + more + "}";
  };
  const auto tie = [&](int number, const std::string& type, int from, int to) {
    return object("relationship", number,
                  ",\"relationship_type\":\"" + type + "\",\"source_ref\":\"tool--00000000-0000-4000-8000-00000000000" +
                      std::to_string(from) + "\",\"target_ref\":\"tool--00000000-0000-4000-8000-00000000000" +
                      std::to_string(to) + "\"");
  };
  const std::string text = "{\"type\":\"bundle\",\"objects\":[\n" + object("tool", 1, "") + ",\n" +
                           object("tool", 2, "") + ",\n" + object("tool", 1, "") + ",\n" + object("x-odd", 3, "") +
                           ",\n{\"type\":\"tool\",\"id\":\"tool--1\"},\n{\"id\":\"x\"},\n" + tie(4, "uses", 1, 2) +
                           ",\n" + tie(4, "uses", 2, 1) + ",\n" + tie(5, "uses", 1, 9) + ",\n" +
                           tie(6, "bewitches", 1, 2) + ",\n" + tie(7, "uses", 1, 2) + ",\n" +
                           tie(8, "variant-of", 1, 1) + "\n]}";
  const Import import = Imported(ImportStix(text, "b"));
  const std::string one = "tool--00000000-0000-4000-8000-000000000001";
  const std::string two = "tool--00000000-0000-4000-8000-000000000002";
  EXPECT_THAT(
      import.warnings,
      ElementsAre(
          "b:4: the id '" + one + "' was used before; this object is left out",
          "b:5: 'x-odd--00000000-0000-4000-8000-000000000003' is an object of type 'x-odd', of which nothing "
          "is known; kept as a report",
          "b:6: 'tool--1' is no id of an object of type 'tool'; it is left out",
          "b:7: an object without a type is left out",
          "b:11: 'relationship--00000000-0000-4000-8000-000000000006' is a relationship of type 'bewitches', of "
          "which nothing is known; kept as corresponds_to",
          "b:9: the id 'relationship--00000000-0000-4000-8000-000000000004' stands for 2 relationships with "
          "different ends, all kept: " +
              one + " uses " + two + "; " + two + " uses " + one,
          "b:10: '" + one +
              "' uses 'tool--00000000-0000-4000-8000-000000000009', but "
              "'tool--00000000-0000-4000-8000-000000000009' is not in the file",
          "b:13: '" + one + "' specializes '" + one + "' closes a circle and is left out",
          "b:12: '" + one + "' uses '" + two + "' was stated before, on line 8; the two are one edge"));
  EXPECT_EQ(import.graph.nodes().size(), 3u);
  EXPECT_EQ(import.graph.edges().size(), 3u);
}

// 538 objects of 458 ids: what keys by id alone loses 80 edges.
TEST(ImportStix, ThePublishedBundleKeepsItsEdgesAndSaysItsReusedIds) {
  const std::string text = SharedText("stix-atlas.json");
  SKIP_WITHOUT(text);
  const Import import = Imported(ImportAny(text, "stix-atlas.json"));
  std::set<std::string> reused;
  for (const std::string& line : import.warnings)
    if (line.find("with different ends") != std::string::npos) {
      EXPECT_TRUE(reused.insert(line.substr(line.find("relationship--"), 50)).second) << line;
    }
  EXPECT_EQ(reused.size(), 34u);
  EXPECT_EQ(import.warnings.size(), 36u) << "and two edges that are stated twice, under different ids";
  EXPECT_THAT(import.warnings,
              Contains(HasSubstr("'relationship--699c9f5e-c042-5903-a94f-2657b5d63950' stands for 2 relationships with "
                                 "different ends, all kept: AML.M0000 mitigates AML.T0002; AML.M0000 mitigates "
                                 "AML.T0004")));
  const ThreatGraph& graph = import.graph;
  EXPECT_EQ(NodesOf(graph, NodeKind::kTechnique), 170u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kMitigation), 35u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kTactic), 16u);
  EXPECT_EQ(graph.nodes().size(), 221u);
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kSpecializes), 69u);
  std::size_t mitigates = 0;
  for (const Edge& edge : graph.edges()) mitigates += edge.kind == EdgeKind::kMitigates ? Statements(edge) : 0;
  EXPECT_EQ(mitigates, 246u);
  // What the two publications of one catalog agree on.
  const std::string yaml = SharedText("ATLAS.yaml");
  SKIP_WITHOUT(yaml);
  const ThreatGraph published = Imported(ImportAtlas(yaml, "ATLAS.yaml")).graph;
  for (const Node& node : graph.nodes()) EXPECT_NE(published.Find(node.id), kNoIndex) << node.id;
}

TEST(ExportStix, EveryKindComesBackAndIsAFixedPoint) {
  const ThreatGraph graph = EveryKind();
  const std::string once = ExportStix(graph);
  const Import import = Imported(ImportStix(once, "b.json"));
  EXPECT_EQ(All(import.warnings), "");
  EXPECT_EQ(ExportStix(import.graph), once);
  EXPECT_EQ(ExportGraph(import.graph), ExportGraph(graph)) << "nothing is lost on the way";
}

TEST(ExportStix, WhatOthersWroteIsAFixedPointAfterOnce) {
  const std::string once = ExportStix(Imported(ImportStix(kForeign, "b.json")).graph);
  EXPECT_THAT(once, HasSubstr(R"("id":"malware--00000000-0000-4000-8000-000000000004")"))
      << "a node that has only a STIX id keeps it";
  EXPECT_EQ(ExportStix(Imported(ImportStix(once, "again.json")).graph), once);
}

TEST(ExportStix, PublishedAtlasIsAFixedPoint) {
  for (const char* name : {"ATLAS.yaml", "stix-atlas.json"}) {
    const std::string text = SharedText(name);
    SKIP_WITHOUT(text);
    const ThreatGraph graph = Imported(ImportAny(text, name)).graph;
    const std::string once = ExportStix(graph);
    const Import import = Imported(ImportStix(once, "b.json"));
    EXPECT_EQ(All(import.warnings), "");
    EXPECT_EQ(ExportStix(import.graph), once);
    EXPECT_EQ(ExportGraph(import.graph), ExportGraph(graph));
    ThreatGraph twice = import.graph;
    twice.Add(import.graph);
    EXPECT_EQ(ExportStix(twice), once);
  }
}

TEST(ExportStix, OurCatalogIsAFixedPointAloneAndWithAtlas) {
  ThreatGraph graph = GraphOf(BuiltinCatalog());
  const std::string text = SharedText("ATLAS.yaml");
  for (const bool with_atlas : {false, true}) {
    if (with_atlas && text.empty()) continue;
    if (with_atlas) graph.Add(Imported(ImportAtlas(text, "ATLAS.yaml")).graph);
    const std::string once = ExportStix(graph);
    const Import import = Imported(ImportStix(once, "b.json"));
    EXPECT_EQ(All(import.warnings), "");
    EXPECT_EQ(ExportStix(import.graph), once);
    EXPECT_EQ(ExportGraph(import.graph), ExportGraph(graph));
    EXPECT_EQ(ExportGraph(Imported(ImportGraph(ExportGraph(graph), "g.json")).graph), ExportGraph(graph));
  }
}

TEST(ExportStix, TellsWhatOtherToolsLookFor) {
  ThreatGraph graph;
  const NodeIndex tactic = graph.Add(Node{"AML.TA0002", NodeKind::kTactic, "Reconnaissance & More", "", {}, {}});
  const NodeIndex parent =
      graph.Add(Node{"AML.T0000", NodeKind::kTechnique, "Search", "", {{"created", "2021-05-13"}}, {}});
  const NodeIndex part = graph.Add(Node{"AML.T0000.000", NodeKind::kTechnique, "Journals", "", {}, {}});
  graph.Add(Edge{EdgeKind::kAchieves, parent, tactic, {}, {}});
  graph.Add(Edge{EdgeKind::kSpecializes, part, parent, {{"use", "So."}}, {}});
  const Result<Json> parsed = ParseJson(ExportStix(graph, {.time = "2026-01-01T00:00:00Z"}));
  ASSERT_TRUE(parsed.ok());
  const Json objects = parsed.value()["objects"];
  ASSERT_EQ(objects.size(), 7u);
  EXPECT_EQ(objects[2]["x_mitre_shortname"], "reconnaissance-more");
  EXPECT_EQ(objects[3]["id"], "attack-pattern--" + NameUuid("AML.T0000"));
  EXPECT_EQ(objects[3]["created"], "2021-05-13T00:00:00.000Z");
  EXPECT_EQ(objects[4]["created"], "2026-01-01T00:00:00.000Z");
  for (const int i : {3, 4}) {
    EXPECT_EQ(objects[i]["kill_chain_phases"][0]["phase_name"], "reconnaissance-more");
    EXPECT_EQ(objects[i]["kill_chain_phases"][0]["kill_chain_name"], "mitre-atlas");
  }
  EXPECT_EQ(objects[4]["external_references"][0]["url"], "https://atlas.mitre.org/techniques/AML.T0000.000");
  EXPECT_EQ(objects[6]["relationship_type"], "subtechnique-of");
  EXPECT_EQ(objects[6]["description"], "So.");
  EXPECT_EQ(objects[6]["target_ref"], objects[3]["id"]);
}

TEST(ImportStix, SurvivesHostileText) {
  ThreatGraph small;
  small.Add(Node{"a", NodeKind::kTechnique, "A", "", {{"x", "y"}}, {{"S", "1", "f:1"}}});
  small.Mention("b", NodeKind::kTactic);
  small.Add(Edge{EdgeKind::kAchieves, 0, 1, {}, {{"S", "1", "f:2"}}});
  Torment(ExportStix(small), ImportStix);
  Torment(std::string(kForeign), ImportStix);
}

}  // namespace
}  // namespace ringfort::knowledge
