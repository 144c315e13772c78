#include "knowledge/drawing/drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace ringfort::knowledge {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ThreatGraph Hostile() {
  ThreatGraph graph;
  const NodeIndex threat =
      graph.Add(Node{"threat.\"x\"<script>", NodeKind::kThreat, "A \"title\" & <b>\n", "\x01 \xff", {}, {}});
  const NodeIndex technique = graph.Add(Node{"AML.T0020", NodeKind::kTechnique, "Poison", "", {}, {}});
  const NodeIndex mitigation = graph.Add(Node{"m", NodeKind::kMitigation, "", "", {}, {}});
  graph.Add(Edge{EdgeKind::kUses, threat, technique, {}, {}});
  graph.Add(Edge{EdgeKind::kMitigates, mitigation, technique, {}, {}});
  return graph;
}

TEST(Drawing, GraphMlQuotesWhatWouldBeMarkup) {
  const std::string text = WriteGraphMl(Hostile());
  EXPECT_THAT(text, HasSubstr("<node id=\"threat.&quot;x&quot;&lt;script&gt;\">"));
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
  EXPECT_THAT(text, Not(HasSubstr("\x01")));
  EXPECT_THAT(text,
              HasSubstr("<edge source=\"m\" target=\"AML.T0020\"><data key=\"edge_kind\">mitigates</data></edge>"));
}

TEST(Drawing, DotQuotesWhatWouldEndAString) {
  const std::string text = WriteDot(Hostile());
  EXPECT_THAT(text, HasSubstr("  \"threat.\\\"x\\\"<script>\" [label=\"A \\\"title\\\" & <b> \""));
  EXPECT_THAT(text, HasSubstr("\"m\" -> \"AML.T0020\" [label=\"mitigates\"];"));
}

TEST(Drawing, CytoscapeIsJsonWithEveryEnd) {
  const Json document = ParseJson(WriteCytoscape(Hostile())).value();
  ASSERT_EQ(document["elements"]["nodes"].size(), 3u);
  EXPECT_EQ(document["elements"]["nodes"][2]["data"]["label"], "m") << "an id stands for a missing title";
  EXPECT_EQ(document["elements"]["edges"][0]["data"]["target"], "AML.T0020");
}

TEST(Drawing, TheLayerScoresAtlasTechniquesByTheirUse) {
  const Json layer = ParseJson(WriteNavigatorLayer(Hostile())).value();
  ASSERT_EQ(layer["techniques"].size(), 1u);
  EXPECT_EQ(layer["techniques"][0]["techniqueID"], "AML.T0020");
  EXPECT_EQ(layer["techniques"][0]["score"], 1);
  EXPECT_EQ(layer["techniques"][0]["comment"], "used by 1, answered by 1 mitigations");
  EXPECT_EQ(layer["domain"], "atlas-atlas");
}

}  // namespace
}  // namespace ringfort::knowledge
