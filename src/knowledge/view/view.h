#pragma once

#include <cstddef>
#include <vector>

#include "knowledge/threat_graph/threat_graph.h"
#include "knowledge/view/shape.h"

namespace ringfort::knowledge {

// What of a threat graph has one of the published shapes. Its nodes are nodes of the
// graph, with all that is said of them; its edges are edges of the graph, or derived:
// those have the property `derived` (the kinds of edges that they stand for), and `via`
// for the first node between of the first few ways, and no edge of that kind and those ends is
// in the graph. A view of a view is the same view.
struct View {
  ThreatGraph graph{};
  bool cut = false;  // more than kMostWays had to be walked; some derived edges are missing
};

inline constexpr std::size_t kMostWays = 300'000;
inline constexpr std::size_t kMostVias = 8;
inline constexpr std::string_view kDerivedProperty = "derived";

// Time is that of the graph's edges and of the ways derived edges stand for.
View ViewAs(const ThreatGraph& graph, Shape shape);

// The kinds of nodes and edges of the shape, in its order, those that are missing too.
struct ViewCounts {
  struct Edges {
    std::size_t all = 0;
    std::size_t as_published = 0;  // with the property stated_by = published
    std::size_t derived = 0;
  };
  std::vector<std::size_t> nodes{};  // by ShapeDefinition::nodes
  std::vector<Edges> edges{};        // by ShapeDefinition::edges
};
ViewCounts CountsOf(const ThreatGraph& view, Shape shape);

}  // namespace ringfort::knowledge
