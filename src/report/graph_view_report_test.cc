#include "report/graph_view_report.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace ringfort {
namespace {

using knowledge::EdgeKind;
using knowledge::NodeKind;

knowledge::View Small() {
  knowledge::ThreatGraph graph;
  const auto threat = graph.Add({"threat", NodeKind::kThreat, "", "", {}, {}});
  const auto stage = graph.Add({"stage", NodeKind::kStage, "", "", {}, {}});
  graph.Add({EdgeKind::kOccursIn, threat, stage, {{"stated_by", "published"}}, {}});
  return ViewAs(graph, knowledge::Shape::kOntology);
}

TEST(GraphViewReport, PutsOursBesideThePublished) {
  const std::string text = WriteViewCounts(Small(), knowledge::Shape::kOntology, AnswerFormat::kTable);
  EXPECT_NE(text.find("ontology: 2 nodes, 1 edges"), std::string::npos) << text;
  EXPECT_NE(text.find("threat -occurs_in-> stage"), std::string::npos);
  EXPECT_NE(text.find("636  theirs join each of 53 to each of 12 and say nothing"), std::string::npos) << text;
  EXPECT_EQ(text.find(" \n"), std::string::npos) << "no blanks at the ends of lines";
}

TEST(GraphViewReport, SaysTheSameToPrograms) {
  const Result<Json> json = ParseJson(WriteViewCounts(Small(), knowledge::Shape::kOntology, AnswerFormat::kJson));
  ASSERT_TRUE(json.ok());
  const Json& answer = json.value();
  EXPECT_EQ(answer["view"], "ontology");
  EXPECT_EQ(answer["cut"], false);
  EXPECT_EQ(answer["edges_by_kind"][0]["edges"], 1);
  EXPECT_EQ(answer["edges_by_kind"][0]["as_published"], 1);
  EXPECT_EQ(answer["edges_by_kind"][0]["published"]["count"], 86);
  EXPECT_EQ(answer["edges_by_kind"][1]["published"]["count"], 636);
  EXPECT_EQ(answer["nodes_by_kind"][1]["nodes"], 1);
}

TEST(GraphViewReport, SaysWhatWasCut) {
  knowledge::View view = Small();
  view.cut = true;
  EXPECT_NE(WriteViewCounts(view, knowledge::Shape::kOntology, AnswerFormat::kTable).find("missing"),
            std::string::npos);
}

}  // namespace
}  // namespace ringfort
