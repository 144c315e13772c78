#include "documents/document.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

namespace ringfort {
namespace {

using Kind = Document::Kind;

Document Yaml(std::string_view text) {
  Result<Document> document = ReadYaml(text, "x.yaml");
  EXPECT_TRUE(document.ok()) << document.error().what;
  return document.ok() ? document.value() : Document{};
}
std::string YamlError(std::string_view text, const DocumentLimits& limits = {}) {
  const Result<Document> document = ReadYaml(text, "x.yaml", limits);
  return document.ok() ? "none" : document.error().what;
}
std::string JsonError(std::string_view text, const DocumentLimits& limits = {}) {
  const Result<Document> document = ReadJson(text, "x.json", limits);
  return document.ok() ? "none" : document.error().what;
}

TEST(Document, YamlKeepsOrderKindsAndLines) {
  const Document document = Yaml("# first\nname: ATLAS\nversion: 5.6\nold: false\nempty:\nlist:\n  - a\n  - 'true'\n");
  ASSERT_TRUE(document.is_map());
  ASSERT_EQ(document.items.size(), 5u);
  EXPECT_EQ(document.Text("name"), "ATLAS");
  EXPECT_EQ(document.items[0].line, 2u);
  EXPECT_EQ(document.Find("version")->kind, Kind::kNumber);
  EXPECT_EQ(document.Find("old")->kind, Kind::kBoolean);
  EXPECT_EQ(document.Find("empty")->kind, Kind::kNull);
  ASSERT_EQ(document.List("list").size(), 2u);
  EXPECT_EQ(document.List("list")[1].kind, Kind::kText) << "a quoted scalar is a text";
  EXPECT_EQ(document.List("list")[1].line, 8u);
  EXPECT_EQ(document.Find("nothing"), nullptr);
  EXPECT_TRUE(document.List("name").empty());
}

TEST(Document, JsonKeepsTheLineOfANumberBeforeALineFeed) {
  const Result<Document> document = ReadJson("{\n \"a\": 1\n,\n\"b\": [true,\nnull, \"x\"]}", "x.json");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document.value().Find("a")->line, 2u);
  EXPECT_EQ(document.value().Find("b")->line, 4u);
  EXPECT_EQ(document.value().List("b")[1].line, 5u);
  EXPECT_EQ(document.value().List("b")[2].text, "x");
}

TEST(Document, TheSameTreeFromBoth) {
  const Document yaml = Yaml("a: [1, two, null]\nb: {c: 2.5}\n");
  const Document json = ReadJson(R"({"a":[1,"two",null],"b":{"c":2.5}})", "x.json").value();
  for (const Document* document : {&yaml, &json}) {
    EXPECT_EQ(document->List("a")[0].kind, Kind::kNumber);
    EXPECT_EQ(document->List("a")[1].text, "two");
    EXPECT_EQ(document->List("a")[2].kind, Kind::kNull);
    EXPECT_EQ(document->Find("b")->Text("c"), "2.5");
  }
}

TEST(Document, AliasesAreCopies) {
  const Document document = Yaml("a: &x {k: v}\nb: *x\nc: [*x, *x]\n");
  EXPECT_EQ(document.Find("b")->Text("k"), "v");
  EXPECT_EQ(document.List("c")[1].Text("k"), "v");
}

TEST(Document, ABillionLaughsEndAtTheLimit) {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i) {
    text += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 10; ++j) text += fmt::format("{}*a{}", j == 0 ? "" : ", ", i - 1);
    text += "]\n";
  }
  const Result<Document> document = ReadYaml(text, "x.yaml");
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(document.error().what, "x.yaml:6: more than 1000000 values");
}

TEST(Document, FaultsNameFileAndLine) {
  EXPECT_EQ(YamlError("a: 1\nb: 2\na: 3\n"), "x.yaml:3: the key 'a' stands twice in one map");
  EXPECT_EQ(JsonError("{\"a\": 1,\n \"a\": 2}"), "x.json:2: the key 'a' stands twice in one map");
  EXPECT_EQ(JsonError("{\"a\":\n [1,}"), "x.json:2: not valid JSON");
  EXPECT_EQ(YamlError("a: [1, 2\nb: }"), "x.yaml:2: not valid YAML: end of sequence flow not found");
  EXPECT_EQ(YamlError("? [a, b]\n: 1\n"), "x.yaml:1: a list or a map as a key is not read");
  EXPECT_EQ(YamlError("a: &x [*x]\n"), "x.yaml:1: an alias inside of what it stands for");
  EXPECT_EQ(YamlError("a: 1\n---\nb: 2\n"), "x.yaml:1: more than one YAML document in the file");
  EXPECT_EQ(JsonError(""), "x.json:1: not valid JSON");
}

TEST(Document, LimitsHold) {
  DocumentLimits limits;
  limits.depth = 3;
  EXPECT_EQ(YamlError("[[[1]]]", limits), "none");
  EXPECT_EQ(YamlError("[[[[1]]]]", limits), "x.yaml:1: nested deeper than 3");
  EXPECT_EQ(JsonError("[[[[1]]]]", limits), "x.json:1: nested deeper than 3");
  EXPECT_EQ(YamlError("a: &x [[1]]\nb: [*x]\n", limits), "x.yaml:2: nested deeper than 3") << "also through an alias";
  limits.values = 4;
  EXPECT_EQ(JsonError("[1,2,3]", limits), "none");
  EXPECT_EQ(JsonError("[1,2,\n3,4]", limits), "x.json:2: more than 4 values");
  limits.bytes = 5;
  EXPECT_EQ(YamlError("abcdef", limits), "x.yaml: 6 bytes, limit 5");
}

TEST(Document, HostileTextEndsInTime) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t n = 200'000;
  for (const std::string& unit :
       {std::string("["), std::string("{"), std::string("- "), std::string("? "), std::string("&a "),
        std::string("*a "), std::string("a: "), std::string("!!"), std::string("\""), std::string("'"),
        std::string("|\n"), std::string("a:\n "), std::string("[a, "), std::string("%"), std::string("\t")}) {
    std::string text;
    while (text.size() < n) text += unit;
    (void)ReadYaml(text, "x.yaml");
    (void)ReadJson(text, "x.json");
  }
  std::string names;
  for (int i = 0; i < 50'000; ++i) names += fmt::format("k{}: &a{} v\n", i, i);
  EXPECT_TRUE(ReadYaml(names, "x.yaml").ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(Document, EveryTruncationOfASampleIsReadOrRefused) {
  const std::string yaml = "a: &x {k: 'v', l: [1, 2.5e3, ~]}\nb: *x\nc: |\n  text\n  more\n? d\n: \"e\\n\"\n";
  for (std::size_t n = 0; n <= yaml.size(); ++n) (void)ReadYaml(std::string_view(yaml).substr(0, n), "x");
  const std::string json = "{\"a\": [1, -2.5e3, null, true, \"\\u00e9\\n\"], \"b\": {\"c\": {}}}";
  for (std::size_t n = 0; n < json.size(); ++n) EXPECT_FALSE(ReadJson(std::string_view(json).substr(0, n), "x").ok());
}

TEST(Document, PlainScalarsByTheCoreSchema) {
  const Document document = Yaml("[12, -1.5, 0x1F, 0o17, .5, 1e3, .inf, 1.2.3, 1e, 0x, '12', yes, ~, True, -, 5.]");
  const std::vector<Kind> kinds = {Kind::kNumber, Kind::kNumber, Kind::kNumber, Kind::kNumber, Kind::kNumber,
                                   Kind::kNumber, Kind::kNumber, Kind::kText,   Kind::kText,   Kind::kText,
                                   Kind::kText,   Kind::kText,   Kind::kNull,   Kind::kBoolean};
  ASSERT_GE(document.items.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(document.items[i].kind, kinds[i]) << document.items[i].text;
}

TEST(Document, ReadsARealCatalog) {
  std::ifstream file(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/ATLAS.yaml");
  if (!file) GTEST_SKIP() << "ATLAS.yaml is not there";
  std::stringstream text;
  text << file.rdbuf();
  const Result<Document> atlas = ReadDocument(text.str(), "ATLAS.yaml");
  ASSERT_TRUE(atlas.ok()) << atlas.error().what;
  EXPECT_EQ(atlas.value().Text("id"), "ATLAS");
  EXPECT_EQ(atlas.value().List("case-studies").size(), 57u);
}

}  // namespace
}  // namespace ringfort
