#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/threat_graph/edge.h"
#include "knowledge/threat_graph/node.h"

// The three graphs of threats that arXiv 2512.23132 publishes, each as what of our one
// graph belongs to it. Words of the paper stand in `published_name`, its counts in
// `published`; the notes say why ours differ.

namespace ringfort::knowledge {

enum class Shape : std::uint8_t {
  kOntology,       // stage, threat, vulnerability
  kHeterogeneous,  // CVE, component, issue, technique; clusters of attack success, stealth, cost
  kReasoning,      // threat, vulnerability, stage, asset, incident, by five kinds of edges
};
inline constexpr std::array<std::string_view, 3> kShapeNames = {"ontology", "heterogeneous", "reasoning"};
constexpr std::string_view Name(Shape shape) { return kShapeNames[static_cast<std::size_t>(shape)]; }
std::optional<Shape> ShapeFromName(std::string_view name);

// A kind of node that the shape keeps.
struct ShapeNode {
  NodeKind kind = NodeKind::kThreat;
  std::string_view published_name{};         // `TTP`; empty: ours
  std::optional<std::uint64_t> published{};  // how many the paper has, if it says
  std::string_view note{};
};

// A kind of edge between two kinds of nodes that the shape keeps.
struct ShapeEdge {
  NodeKind from = NodeKind::kThreat;
  EdgeKind kind = EdgeKind::kExploits;
  NodeKind to = NodeKind::kVulnerability;
  std::string_view published_name{};
  std::optional<std::uint64_t> published{};
  std::string_view note{};
};

// An edge that the shape wants and our graph holds as a way of a few edges, or under
// another name read backwards. The way begins and ends at kept nodes, and at least one
// edge of it is of a kind that the shape leaves out, so that a view of a view adds nothing.
struct ShapeRule {
  struct Step {
    EdgeKind kind = EdgeKind::kUses;
    bool along = true;  // with the arrow
    NodeKind to = NodeKind::kTechnique;
  };
  NodeKind from = NodeKind::kThreat;
  std::vector<Step> way{};  // one to three
  EdgeKind makes = EdgeKind::kExploits;
};

struct ShapeDefinition {
  std::string_view published_name{};  // `Schema 1: TTP ontology graph`
  std::vector<ShapeNode> nodes{};
  std::vector<ShapeEdge> edges{};
  std::vector<ShapeRule> rules{};
  std::string_view remark{};  // on the published graph as a whole
};

// Any thread.
const ShapeDefinition& DefinitionOf(Shape shape);

// Whether the shape keeps the node: its kind, and of clusters only those of attack
// success, stealth and cost.
bool Keeps(const ShapeDefinition& definition, const Node& node);

}  // namespace ringfort::knowledge
