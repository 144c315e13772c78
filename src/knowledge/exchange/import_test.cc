#include <gmock/gmock.h>

#include <ctime>
#include <functional>

#include "knowledge/exchange/exchange_test_internal.h"

namespace ringfort::knowledge {
namespace {

using ::testing::HasSubstr;

TEST(ImportAny, TellsTheFormatByWhatStandsInIt) {
  const auto source = [](std::string_view text) {
    const Import import = Imported(ImportAny(text, "misleading.txt"));
    EXPECT_FALSE(import.graph.nodes().empty()) << text;
    return import.graph.nodes().empty() ? std::string() : import.graph.node(0).sources.at(0).name;
  };
  EXPECT_EQ(source("id: ATLAS\nmatrices:\n- tactics: [{id: AML.TA0000, name: First}]\n"), "MITRE ATLAS");
  EXPECT_EQ(source(R"({"type":"bundle","id":"x","objects":[{"type":"tool","name":"T","created":"2024-01-01T00:00:00Z",
                     "modified":"2024-01-01T00:00:00Z","id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}]})"),
            "STIX");
  EXPECT_EQ(source(R"({"data_type":"AVID","metadata":{"report_id":"AVID-2022-R0001"}})"), "AVID");
  EXPECT_EQ(source(R"([{"data_type":"AVID","metadata":{"report_id":"AVID-2022-R0001"}}])"), "AVID");
  EXPECT_EQ(source("risks: [{id: riskX, title: X}]"), "CoSAI Risk Map");
  EXPECT_EQ(source(R"({"format":"ringfort.graph/1","nodes":[{"id":"a","kind":"risk"}],"edges":[]})"), "ringfort.graph");
}

TEST(ImportAny, RefusesTheRestWithOneLine) {
  for (const char* text : {"", "a: b", "[]", "{}", "7", R"({"type":"indicator"})", "- - -"}) {
    const Result<Import> result = ImportAny(text, "f");
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_THAT(result.error().what, HasSubstr("f:1: ")) << text;
  }
  EXPECT_FALSE(ImportAny("{", "f").ok());
  EXPECT_FALSE(ImportAny("a: &a [*a, *a]", "f").ok());
}

TEST(ImportAny, BoundsTheLaughsOfABillion) {
  std::string text = "matrices:\n- tactics: &a0 [x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    text += "  t" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += (k ? ", *a" : "*a") + std::to_string(i - 1);
    text += "]\n";
  }
  text += "case-studies: []\n";
  const Result<Import> result = ImportAny(text, "laughs.yaml");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fault, Fault::kLimitExceeded);
}

TEST(Import, SaysAThousandFaultsAndCountsTheRest) {
  std::string text = R"({"format":"ringfort.graph/1","nodes":[)";
  for (int i = 0; i < 1500; ++i) text += std::string(i ? "," : "") + "\n{\"id\":\"a\",\"kind\":\"nothing\"}";
  const Import import = Imported(ImportGraph(text + R"(],"edges":[]})", "g"));
  ASSERT_EQ(import.warnings.size(), 1001u);
  EXPECT_EQ(import.warnings.back(), "g: and 500 more");
}

TEST(Import, CutsGiantTexts) {
  const std::string giant = std::string((1 << 20) - 1, 'x') + "\xC3\xA9" + std::string(1 << 20, 'y');
  const Import import = Imported(ImportGraph(
      R"({"format":"ringfort.graph/1","nodes":[{"id":"a","kind":"risk","title":")" + std::string(5000, 't') +
          R"(","text":")" + giant + R"(","properties":[["p",")" + std::string(70000, 'p') + R"("]]},{"id":")" +
          std::string(300, 'i') + R"(","kind":"risk"}],"edges":[]})",
      "g"));
  ASSERT_EQ(import.warnings.size(), 4u) << All(import.warnings);
  ASSERT_EQ(import.graph.nodes().size(), 1u);
  const Node& node = import.graph.node(0);
  EXPECT_EQ(node.title.size(), 4096u);
  EXPECT_EQ(node.text.size(), (std::size_t{1} << 20) - 1) << "no letter is cut in two";
  EXPECT_EQ(node.properties[0].value.size(), 65536u);
}

// Inputs built against what importers like these do: no more than a few times the
// seconds when the input is doubled.
TEST(Import, TakesTimeInProportion) {
  const auto seconds = [](const std::string& text) {
    const std::clock_t start = std::clock();  // of this process: others on the machine do not count
    (void)ImportGraph(text, "g");
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  // One edge stated over and over, each time with other words.
  const auto repeated = [](int count) {
    std::string text =
        R"({"format":"ringfort.graph/1","nodes":[{"id":"a","kind":"risk"},{"id":"b","kind":"risk"}],"edges":[)";
    for (int i = 0; i < count; ++i)
      text += std::string(i ? "," : "") +
              "\n{\"kind\":\"causes\",\"from\":\"a\",\"to\":\"b\",\"properties\":[[\"p\",\"" + std::to_string(i) +
              "\"]]}";
    return text + "]}";
  };
  // A chain that could exhaust a stack.
  const auto chain = [](int count) {
    std::string text = R"({"format":"ringfort.graph/1","nodes":[{"id":"0","kind":"risk"})";
    for (int i = 1; i <= count; ++i) text += ",{\"id\":\"" + std::to_string(i) + "\",\"kind\":\"risk\"}";
    text += R"(],"edges":[{"kind":"follows","from":"0","to":"1"})";
    for (int i = 1; i < count; ++i)
      text += ",{\"kind\":\"follows\",\"from\":\"" + std::to_string(i) + "\",\"to\":\"" + std::to_string(i + 1) + "\"}";
    return text + "]}";
  };
  for (const auto& make : {std::function<std::string(int)>(repeated), std::function<std::string(int)>(chain)}) {
    const double half = seconds(make(20'000));
    EXPECT_LT(seconds(make(40'000)), 0.2 + 6 * half);
  }
  const Import import = Imported(ImportGraph(repeated(1000), "g"));
  ASSERT_EQ(import.graph.edges().size(), 1u);
  EXPECT_EQ(Statements(import.graph.edge(0)), 1000u);
  EXPECT_EQ(import.graph.edge(0).properties.size(), 17u) << "16 statements in their words, and the count";
}

}  // namespace
}  // namespace ringfort::knowledge
