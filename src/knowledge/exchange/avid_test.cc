#include <gmock/gmock.h>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kRecord = R"({"data_type": "AVID", "data_version": "0.2",
 "metadata": {"vuln_id": "AVID-2023-V008"},
 "affects": {"developer": [], "deployer": ["Somebody"], "artifacts": [{"type": "Model", "name": "m"}]},
 "problemtype": {"classof": "ATLAS Case Study", "type": "Advisory", "description": {"lang": "eng", "value": "Title"}},
 "references": [{"type": "source", "label": "L", "url": "https://atlas.mitre.org/studies/AML.CS0007"},
  {"label": "N", "url": "https://nvd.nist.gov/vuln/detail/CVE-2019-20634"},
  {"label": "N", "url": "https://example.invalid/CVE-2019-20634"}],
 "description": {"lang": "eng", "value": "Text.\n"}, "reports": null,
 "impact": {"avid": {"risk_domain": ["Security"], "sep_view": ["S0502: Model theft"],
   "lifecycle_view": ["L04: Model Development"]},
  "cvss": {"baseScore": 9.8, "baseSeverity": "Critical"},
  "cwe": [{"cweId": "CWE-502", "description": "CWE-502"}]},
 "credit": null, "published_date": "2023-03-31", "last_modified_date": "2023-04-01"})";

TEST(ImportAvid, ReadsARecord) {
  const Import import = Imported(ImportAvid(kRecord, "r.json"));
  EXPECT_EQ(All(import.warnings), "");
  const ThreatGraph& graph = import.graph;
  const Node& record = graph.node(0);
  EXPECT_EQ(record.id, "AVID-2023-V008");
  EXPECT_EQ(record.kind, NodeKind::kVulnerability);
  EXPECT_EQ(record.title, "Title");
  EXPECT_EQ(record.text, "Text.");
  EXPECT_EQ(PropertyOf(record, "created"), "2023-03-31");
  EXPECT_EQ(PropertyOf(record, "cvss_score"), "9.8");
  EXPECT_EQ(PropertyOf(record, "deployer"), "Somebody");
  std::vector<std::string> edges;
  for (const Edge& edge : graph.edges())
    edges.push_back(graph.node(edge.from).id + " " + std::string(Name(edge.kind)) + " " + graph.node(edge.to).id);
  EXPECT_THAT(edges,
              ElementsAre("AVID-2023-V008 affects artifact.m", "AVID-2023-V008 belongs_to S0502",
                          "AVID-2023-V008 occurs_in avid.L04", "AVID-2023-V008 exploits CWE-502",
                          "AVID-2023-V008 corresponds_to AML.CS0007", "CVE-2019-20634 reported_in AVID-2023-V008"));
  EXPECT_EQ(graph.node(graph.Find("S0502")).title, "Model theft");
}

TEST(ImportAvid, ReadsAListAndSaysWhatIsNoRecord) {
  const Import import = Imported(ImportAvid(R"([
{"data_type":"AVID","metadata":{"report_id":"AVID-2022-R0001"},"affects":{"artifacts":[{"name":"m"}]}},
{"data_type":"AVID","metadata":null,"affects":{"artifacts":[{"name":"m"},{"name":"m"}]}},
{"data_type":"AVID","metadata":{"report_id":"AVID-2022-R0001"}},
{"data_type":"AVID"},
5])",
                                            "some/list.json"));
  EXPECT_THAT(
      import.warnings,
      ElementsAre("some/list.json:3: a record without an id; it is 'avid.list' here",
                  "some/list.json:4: the id 'AVID-2022-R0001' was used before, on line 2; this entry is left out",
                  "some/list.json:5: a record without an id; it is 'avid.list.1' here",
                  "some/list.json:6: an item that is no AVID record is left out"));
  EXPECT_EQ(NodesOf(import.graph, NodeKind::kReport), 3u);
  EXPECT_EQ(NodesOf(import.graph, NodeKind::kComponent), 1u);
  EXPECT_EQ(EdgesOf(import.graph, EdgeKind::kAffects), 2u);
  EXPECT_EQ(ImportAvid("{}", "x").error().what, "x:1: no AVID record and no list of them");
}

TEST(ImportAvid, SurvivesHostileText) { Torment(std::string(kRecord), ImportAvid); }

}  // namespace
}  // namespace ringfort::knowledge
