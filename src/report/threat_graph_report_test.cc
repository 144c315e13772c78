#include "report/threat_graph_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace ringfort {
namespace {

using knowledge::EdgeKind;
using knowledge::NodeIndex;
using knowledge::NodeKind;
using knowledge::ThreatGraph;
using ::testing::HasSubstr;
using ::testing::Not;

ThreatGraph Small() {
  ThreatGraph graph;
  const knowledge::Source source{"MITRE ATLAS", "5.6.0", "ATLAS.yaml:7"};
  const NodeIndex technique = graph.Add(
      {"AML.T0020", NodeKind::kTechnique, "Poison \x1b[31mdata", "Text.", {{"maturity", "realized"}}, {source}});
  const NodeIndex threat = graph.Add({"threat.tay", NodeKind::kThreat, "Tay", "", {}, {source}});
  graph.Add({EdgeKind::kUses, threat, technique, {}, {source}});
  return graph;
}

TEST(ThreatGraphReport, ANodeWithItsEdgesAndSources) {
  const ThreatGraph graph = Small();
  const std::string table = WriteNode(graph, 0, AnswerFormat::kTable);
  EXPECT_THAT(table, HasSubstr("maturity: realized"));
  EXPECT_THAT(table, HasSubstr("<- uses        threat.tay  Tay"));
  EXPECT_THAT(table, HasSubstr("source: MITRE ATLAS 5.6.0 (ATLAS.yaml:7)"));
  EXPECT_THAT(table, Not(HasSubstr("\x1b"))) << "a catalog must not steer the terminal";
  const Json json = ParseJson(WriteNode(graph, 0, AnswerFormat::kJson)).value();
  EXPECT_EQ(json["schema"], "ringfort.graph_answer/1");
  EXPECT_EQ(json["edges"][0]["way"], "from");
  EXPECT_EQ(json["edges"][0]["other"]["id"], "threat.tay");
}

TEST(ThreatGraphReport, GapsTellWhatWasRecovered) {
  knowledge::Gaps gaps;
  gaps.techniques.push_back({"MITRE ATLAS", 2, {0}, 2});
  gaps.threats = 1;
  gaps.threats_not_executable = {1};
  const std::string table = WriteGaps(Small(), gaps, AnswerFormat::kTable);
  EXPECT_THAT(table, HasSubstr("1 of 2 techniques have no mitigation (2 as the file is written"));
  EXPECT_THAT(table, HasSubstr("1 of 1 threats cannot be executed"));
  const Json json = ParseJson(WriteGaps(Small(), gaps, AnswerFormat::kJson)).value();
  EXPECT_EQ(json["techniques"][0]["without_mitigation_as_written"], 2);
  EXPECT_EQ(json["threats_without_attack"][0]["id"], "threat.tay");
}

TEST(ThreatGraphReport, WalksShowTheWayOfTheArrow) {
  const ThreatGraph graph = Small();
  const auto walks = knowledge::FindWalks(graph, 0, 1, 3);
  EXPECT_EQ(WriteWalks(graph, walks, AnswerFormat::kTable), "AML.T0020\n  <-uses- threat.tay\n");
  EXPECT_EQ(WriteWalks(graph, {}, AnswerFormat::kTable), "no path joins them\n");
}

TEST(ThreatGraphReport, StatisticsAndLists) {
  const ThreatGraph graph = Small();
  EXPECT_THAT(WriteStatistics(knowledge::StatisticsOf(graph), AnswerFormat::kTable),
              HasSubstr("2 nodes (0 only mentioned), 1 edges, 1 components"));
  EXPECT_EQ(WriteNodes(graph, {}, AnswerFormat::kTable), "nothing found\n");
  const auto neighbors = knowledge::NeighborsOf(graph, 0, 1);
  EXPECT_THAT(WriteNeighbors(graph, neighbors, AnswerFormat::kTable), HasSubstr("1 uses           threat.tay"));
}

}  // namespace
}  // namespace ringfort
