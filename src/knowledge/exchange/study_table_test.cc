#include <gmock/gmock.h>

#include <set>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr std::string_view kTable =
    "CVE ID,GHIssue,CWE name,CVE severity,CPE dependency name ,CPE dependency version,Description,Related attacks\n"
    "CVE-2003-1564,https://api.github.com/repos/o/n/issues/2,CWE-776,medium,xmlsoft:libxml2,*,\"Entities, again.\","
    "\"Denial of Service (DoS),  XML Injection attack \"\n"
    "CVE-2003-1564,https://github.com/o/m/issues/7,CWE-776,medium,xmlsoft:libxml2,2.5,\"Entities, again.\",\n"
    "CVE-2021-44228,https://api.github.com/repos/o/n/issues/2,NVD-CWE-noinfo,critical,[], ,Words.,A  use-after-free "
    "attack\n";

std::string SharedStudy(const std::string& name) { return SharedText("../study/" + name); }

bool Joined(const ThreatGraph& graph, EdgeKind kind, std::string_view from, std::string_view to) {
  for (const EdgeIndex edge : graph.EdgesFrom(graph.Find(from)))
    if (graph.edge(edge).kind == kind && graph.node(graph.edge(edge).to).id == to) return true;
  return false;
}

TEST(StudyTable, ReadsWhatEachRowSays) {
  const Import import = Imported(ImportStudyTable(kTable, "cve_by_issue.csv"));
  EXPECT_THAT(import.warnings, ::testing::IsEmpty());
  const ThreatGraph& graph = import.graph;
  const Node& libxml = graph.node(graph.Find("CVE-2003-1564"));
  EXPECT_EQ(libxml.kind, NodeKind::kPublishedVulnerability);
  EXPECT_EQ(libxml.text, "Entities, again.");
  EXPECT_EQ(PropertyOf(libxml, "severity"), "medium");
  EXPECT_EQ(libxml.sources, (std::vector<Source>{{"Repository study (arXiv:2512.23132)", "", "cve_by_issue.csv:2"}}));
  EXPECT_TRUE(Joined(graph, EdgeKind::kAffects, "CVE-2003-1564", "cpe.xmlsoft:libxml2"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kReportedIn, "CVE-2003-1564", "o/n#2"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kReportedIn, "CVE-2003-1564", "o/m#7")) << "an address as a browser shows it";
  EXPECT_TRUE(Joined(graph, EdgeKind::kReportedIn, "CVE-2021-44228", "o/n#2"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kSpecializes, "CVE-2003-1564", "CWE-776"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kEvidenceOf, "CVE-2003-1564", "attack_label.denial_of_service_dos"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kEvidenceOf, "CVE-2003-1564", "attack_label.xml_injection"));
  EXPECT_TRUE(Joined(graph, EdgeKind::kEvidenceOf, "CVE-2021-44228", "attack_label.use_after_free"));
  EXPECT_EQ(NodesOf(graph, NodeKind::kComponent), 1u) << "[] is the tables' word for none";
  EXPECT_EQ(PropertyOf(graph.node(graph.Find("o/m#7")), "repository"), "o/m");
  EXPECT_EQ(EdgesOf(graph, EdgeKind::kAffects), 1u) << "two versions of one component";
}

TEST(StudyTable, ARowOfManySaysOnlyWhatHoldsForEach) {
  const Import import = Imported(ImportStudyTable(
      "CPE dependency name,CVE ID,CVE severity,Related attacks\na:b,\"CVE-2020-0001, CVE-2020-0002\",\"high, low\",x\n",
      "t.csv"));
  EXPECT_EQ(EdgesOf(import.graph, EdgeKind::kAffects), 2u);
  EXPECT_EQ(import.graph.edges().size(), 2u);
  EXPECT_EQ(PropertyOf(import.graph.node(import.graph.Find("CVE-2020-0001")), "severity"), "");
}

TEST(StudyTable, SaysEachFaultOnce) {
  const std::string head = "CVE ID,GHIssue,CWE name,Related attacks\n";
  const Import import = Imported(ImportStudyTable(head + "CVE-20-1,,,\n"                  // 2
                                                         "CVE-2020-0001,ftp://x,,\n"      // 3
                                                         "CVE-2020-0001,,weak,INVALID\n"  // 4
                                                         "CVE-2020-0001,,weak,INVALID\n"  // 5
                                                         "CVE-2020-0001,,CWE-1\n",        // 6
                                                  "t.csv"));
  EXPECT_EQ(All(import.warnings),
            "t.csv:6: 3 cells, the header has 4\n"
            "t.csv:2: 'CVE-20-1' is no CVE id; left out\n"
            "t.csv:3: 'ftp://x' is no address of an issue; left out\n"
            "t.csv:4: 'weak' is no CWE id; left out\n"
            "t.csv:4: 'INVALID' names no attack; left out\n"
            "t.csv:5: 1 rows from here on repeat an earlier one word for word; each counts once\n");
  const Result<Import> other = ImportStudyTable("a,b\n1,2\n", "t.csv");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().what, "t.csv:1: no table of the repository study: its first line names no column 'CVE ID'");
}

TEST(StudyTable, IsKnownAmongAllOthersAndTwiceIsOnce) {
  const Import import = Imported(ImportAny(kTable, "t.csv"));
  const std::string once = ExportGraph(import.graph);
  EXPECT_NE(once.find("CVE-2003-1564"), std::string::npos);
  ThreatGraph graph = import.graph;
  graph.Add(Imported(ImportAny(kTable, "t.csv")).graph);
  EXPECT_EQ(ExportGraph(graph), once);
}

TEST(StudyTable, SurvivesTorment) { Torment(std::string(kTable), ImportStudyTable); }

TEST(StudyTable, HoldsTheCountsOfTheStudy) {
  ThreatGraph graph;
  for (const std::string_view name : StudyTableNames()) {
    const std::string text = SharedStudy(std::string(name));
    SKIP_WITHOUT(text);
    Import import = Imported(ImportStudyTable(text, name));
    // The exact repeats, in one line, and the label INVALID.
    EXPECT_LE(import.warnings.size(), 11u) << name << ": " << All(import.warnings);
    graph.Add(import.graph);
    if (name == "cve_by_issue.csv") {
      EXPECT_EQ(NodesOf(graph, NodeKind::kPublishedVulnerability), 834u);
      EXPECT_EQ(NodesOf(graph, NodeKind::kIssue), 312u);
      EXPECT_EQ(NodesOf(graph, NodeKind::kComponent), 227u);
      EXPECT_EQ(EdgesOf(graph, EdgeKind::kReportedIn), 2183u);
    }
  }
  EXPECT_EQ(NodesOf(graph, NodeKind::kPublishedVulnerability), 834u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kIssue), 312u);
  EXPECT_EQ(NodesOf(graph, NodeKind::kComponent), 227u);
  std::set<std::string> repositories;
  for (const Node& node : graph.nodes())
    if (node.kind == NodeKind::kIssue) repositories.emplace(PropertyOf(node, "repository"));
  EXPECT_EQ(repositories.size(), 86u);
}

}  // namespace
}  // namespace ringfort::knowledge
