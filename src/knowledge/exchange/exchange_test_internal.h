#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "knowledge/exchange/export.h"
#include "knowledge/exchange/import.h"

// What the tests of this room have in common.

namespace ringfort::knowledge {

// A file of the shared data, or "" where that does not lie beside the checkout.
inline std::string SharedText(const std::string& name) {
  std::ifstream file(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

#define SKIP_WITHOUT(text) \
  if ((text).empty()) GTEST_SKIP() << "the shared data files are not beside the checkout"

inline Import Imported(Result<Import> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().what);
  return result.ok() ? std::move(result).value() : Import{};
}

inline std::size_t NodesOf(const ThreatGraph& graph, NodeKind kind) {
  std::size_t count = 0;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) count += graph.node(i).kind == kind && !graph.OnlyMentioned(i);
  return count;
}

inline std::size_t EdgesOf(const ThreatGraph& graph, EdgeKind kind) {
  std::size_t count = 0;
  for (const Edge& edge : graph.edges()) count += edge.kind == kind;
  return count;
}

inline std::string All(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

// A graph with a node of every kind, an edge of every kind, and what is hard to write.
inline ThreatGraph EveryKind() {
  ThreatGraph graph;
  for (std::size_t i = 0; i < kNodeKindNames.size(); ++i) {
    const std::string name(kNodeKindNames[i]);
    graph.Add(Node{"of." + name,
                   static_cast<NodeKind>(i),
                   "The " + name,
                   "Text \"of\" a\n<" + name + "> \u00e9.",
                   {{"a", "1"}, {"a", "2"}, {"created", "2025-02-03"}},
                   {{"Ringfort", "1", name + ".yaml:3"}}});
  }
  for (std::size_t i = 0; i < kEdgeKindNames.size(); ++i)
    graph.Add(Edge{static_cast<EdgeKind>(i),
                   static_cast<NodeIndex>(i + 1),
                   static_cast<NodeIndex>(i),
                   {{"use", "so"}, {"order", std::to_string(i)}},
                   {{"Ringfort", "1", "edges.yaml:4"}}});
  graph.Add(Node{"AML.T0020", NodeKind::kTechnique, "", "", {}, {{"x", "", ""}}});
  graph.Add(Node{"CVE-2024-12345", NodeKind::kPublishedVulnerability, "CVE-2024-12345", "", {}, {{"x", "", ""}}});
  graph.Add(Node{"CVE-2024-1", NodeKind::kPublishedVulnerability, "no true one", "", {}, {{"x", "", ""}}});
  graph.Add(Node{"CWE-502", NodeKind::kWeakness, "", "", {}, {{"x", "", ""}}});
  graph.Add(Node{"CAPEC-7", NodeKind::kWeakness, "", "", {{"modified", "yesterday"}}, {{"x", "", ""}}});
  graph.Add(Node{"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                 NodeKind::kReport,
                 "An indicator",
                 "",
                 {{"pattern", "[file:name = 'x']"},
                  {"pattern_type", "stix"},
                  {"reference", "https://example.invalid/a%20b A title"},
                  {"reference", "https://example.invalid/<b> Another"},
                  {"reference", "No address"},
                  {"stix_type", "indicator"},
                  {"valid_from", "2024-05-06T07:08:09Z"}},
                 {{"x", "", ""}}});
  graph.Add(Node{"of.malware", NodeKind::kThreat, "A worm", "", {{"stix_type", "malware"}}, {{"x", "", ""}}});
  const NodeIndex named = graph.Mention("LLM01:2025", NodeKind::kRisk);
  graph.Add(Edge{EdgeKind::kCorrespondsTo, 0, named, {{"statements", "3"}}, {{"x", "", ""}}});
  return graph;
}

// Every cut of the text and 2,000 flips of its bits: an answer of some kind, every
// line of it printable, and a graph that holds together.
inline void Torment(const std::string& text, Result<Import> (*import)(std::string_view, std::string_view)) {
  const auto check = [&](const std::string& hostile) {
    const Result<Import> result = import(hostile, "hostile");
    if (!result.ok()) {
      ASSERT_TRUE(result.error().what.starts_with("hostile:")) << result.error().what;
      return;
    }
    ASSERT_LE(result.value().warnings.size(), 1001u);
    for (const std::string& line : result.value().warnings) {
      ASSERT_TRUE(line.starts_with("hostile:")) << line;
      ASSERT_EQ(line.find('\n'), std::string::npos) << line;
    }
    for (const Edge& edge : result.value().graph.edges()) {
      ASSERT_LT(edge.from, result.value().graph.nodes().size());
      ASSERT_LT(edge.to, result.value().graph.nodes().size());
    }
  };
  for (std::size_t size = 0; size < text.size(); ++size) check(text.substr(0, size));
  Random random(16);
  for (int round = 0; round < 2000; ++round) {
    std::string flipped = text;
    for (std::uint64_t flips = 1 + random.Below(3); flips > 0; --flips)
      flipped[random.Below(flipped.size())] ^= static_cast<char>(1 << random.Below(8));
    check(flipped);
  }
}

}  // namespace ringfort::knowledge
