#include "knowledge/query/walk.h"

#include <algorithm>
#include <cmath>

#include "graphs/shortest_paths.h"

namespace ringfort::knowledge {

std::vector<Walk> FindWalks(const ThreatGraph& graph, NodeIndex from, NodeIndex to, std::size_t count) {
  std::vector<graphs::Arc> arcs;
  std::vector<double> costs;
  const auto degree = [&](NodeIndex node) { return graph.EdgesFrom(node).size() + graph.EdgesTo(node).size(); };
  for (const Edge& edge : graph.edges()) {
    const double cost = 1 + std::log(static_cast<double>(std::max(degree(edge.from), degree(edge.to))));
    arcs.push_back({edge.from, edge.to});
    arcs.push_back({edge.to, edge.from});
    costs.insert(costs.end(), {cost, cost});
  }
  std::vector<Walk> walks;
  for (const graphs::Path& path :
       graphs::FindPaths(graphs::DirectedGraph(graph.nodes().size(), arcs), costs, from, to, count)) {
    Walk walk{path.nodes, {}};
    for (const graphs::Edge edge : path.edges) walk.edges.push_back(edge / 2);
    walks.push_back(std::move(walk));
  }
  return walks;
}

std::vector<Neighbor> NeighborsOf(const ThreatGraph& graph, NodeIndex node, std::size_t distance) {
  std::vector<bool> seen(graph.nodes().size(), false);
  std::vector<Neighbor> neighbors{{node, kNoIndex, 0}};
  seen[node] = true;
  for (std::size_t i = 0; i < neighbors.size() && neighbors[i].distance < distance; ++i) {
    const Neighbor at = neighbors[i];
    const auto reach = [&](NodeIndex other, EdgeIndex by) {
      if (seen[other]) return;
      seen[other] = true;
      neighbors.push_back({other, by, at.distance + 1});
    };
    for (const EdgeIndex edge : graph.EdgesFrom(at.node)) reach(graph.edge(edge).to, edge);
    for (const EdgeIndex edge : graph.EdgesTo(at.node)) reach(graph.edge(edge).from, edge);
  }
  return neighbors;
}

}  // namespace ringfort::knowledge
