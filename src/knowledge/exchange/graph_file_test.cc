#include <gmock/gmock.h>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kSmall = R"({"format":"ringfort.graph/1","nodes":[
{"id":"a","kind":"technique","title":"A","text":"What","properties":[["x","1"]],"sources":[["S","1","f:1"]]},
{"id":"b","kind":"tactic","mentioned":true}
],"edges":[
{"kind":"achieves","from":"a","to":"b","sources":[["S","1","f:2"]]}
]}
)";

TEST(GraphFile, ReadsAndWritesTheSame) {
  const Import import = Imported(ImportGraph(kSmall, "g.json"));
  EXPECT_EQ(All(import.warnings), "");
  EXPECT_EQ(import.graph.node(0), (Node{"a", NodeKind::kTechnique, "A", "What", {{"x", "1"}}, {{"S", "1", "f:1"}}}));
  EXPECT_TRUE(import.graph.OnlyMentioned(1));
  EXPECT_EQ(ExportGraph(import.graph), kSmall);
}

TEST(GraphFile, EveryKindComesBack) {
  const std::string once = ExportGraph(EveryKind());
  const Import import = Imported(ImportGraph(once, "g.json"));
  EXPECT_EQ(All(import.warnings), "");
  EXPECT_EQ(ExportGraph(import.graph), once);
  EXPECT_EQ(import.graph.nodes().size(), EveryKind().nodes().size());
  EXPECT_EQ(import.graph.edges().size(), EveryKind().edges().size());
}

TEST(GraphFile, AnEmptyGraphIsOneToo) {
  const std::string empty = ExportGraph({});
  const Import import = Imported(ImportGraph(empty, "g.json"));
  EXPECT_EQ(All(import.warnings), "");
  EXPECT_EQ(ExportGraph(import.graph), empty);
}

TEST(GraphFile, PublishedAtlasComesBack) {
  const std::string text = SharedText("ATLAS.yaml");
  SKIP_WITHOUT(text);
  const std::string once = ExportGraph(Imported(ImportAtlas(text, "ATLAS.yaml")).graph);
  const Import import = Imported(ImportGraph(once, "g.json"));
  EXPECT_EQ(All(import.warnings), "");
  EXPECT_EQ(ExportGraph(import.graph), once);
}

TEST(GraphFile, SaysEachFaultInALine) {
  const Import import = Imported(ImportGraph(R"({"format":"ringfort.graph/1","nodes":[
{"id":"a","kind":"technique"},
{"id":"a","kind":"tactic"},
{"id":"b","kind":"wizard"},
{"id":"","kind":"tactic"},
{"id":"c\n","kind":"tactic"},
{"id":"d","kind":"tactic","properties":[["x"],["y",1]],"sources":["s"]},
7
],"edges":[
{"kind":"achieves","from":"a","to":"b"},
{"kind":"conjures","from":"a","to":"d"},
{"kind":"follows","from":"a","to":"d"},
{"kind":"follows","from":"d","to":"a"},
{"kind":"achieves","from":"a","to":"d"}
]})",
                                             "g.json"));
  EXPECT_THAT(import.warnings, ElementsAre("g.json:3: the id 'a' was used before, on line 2; this entry is left out",
                                           "g.json:4: 'wizard' is no kind of node; it is left out",
                                           "g.json:5: an entry without an id is left out",
                                           "g.json:6: 'c\\n' is no id, or longer than 256 bytes; its entry is left out",
                                           "g.json:7: a list of 2 texts belongs here; left out",
                                           "g.json:7: a list of 2 texts belongs here; left out",
                                           "g.json:7: a list of 3 texts belongs here; left out",
                                           "g.json:8: '' is no kind of node; it is left out",
                                           "g.json:11: 'conjures' is no kind of edge; it is left out",
                                           "g.json:10: 'a' achieves 'b', but 'b' is not in the file",
                                           "g.json:13: 'd' follows 'a' closes a circle and is left out"));
  EXPECT_EQ(import.graph.nodes().size(), 2u);
  EXPECT_EQ(import.graph.edges().size(), 2u);
  EXPECT_EQ(ImportGraph("{}", "g.json").error().what, "g.json:1: not a graph: its 'format' is not 'ringfort.graph/1'");
}

TEST(GraphFile, SurvivesHostileText) { Torment(std::string(kSmall), ImportGraph); }

}  // namespace
}  // namespace ringfort::knowledge
