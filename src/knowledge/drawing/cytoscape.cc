#include <fmt/format.h>

#include "base/json.h"
#include "knowledge/drawing/drawing.h"

namespace ringfort::knowledge {

std::string WriteCytoscape(const ThreatGraph& graph) {
  Json nodes = Json::array();
  for (const Node& node : graph.nodes())
    nodes.push_back(
        {{"data", {{"id", node.id}, {"label", node.title.empty() ? node.id : node.title}, {"kind", Name(node.kind)}}}});
  Json edges = Json::array();
  for (EdgeIndex i = 0; i < graph.edges().size(); ++i) {
    const Edge& edge = graph.edge(i);
    edges.push_back({{"data",
                      {{"id", fmt::format("e{}", i)},
                       {"source", graph.node(edge.from).id},
                       {"target", graph.node(edge.to).id},
                       {"kind", Name(edge.kind)}}}});
  }
  const Json document = {{"elements", {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}}}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort::knowledge
