#include "knowledge/query/graph_statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "graphs/components.h"

namespace ringfort::knowledge {

GraphStatistics StatisticsOf(const ThreatGraph& graph) {
  GraphStatistics statistics;
  statistics.nodes = graph.nodes().size();
  statistics.edges = graph.edges().size();
  std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> sources;
  // One source may speak of a thing in several places; it counts once.
  const auto named = [](std::span<const Source> all) {
    std::set<std::pair<std::string, std::string>> names;
    for (const Source& source : all) names.insert({source.name, source.version});
    return names;
  };
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    ++statistics.nodes_by_kind[static_cast<std::size_t>(graph.node(i).kind)];
    statistics.mentioned += graph.OnlyMentioned(i) ? 1 : 0;
    for (const auto& name : named(graph.node(i).sources)) ++sources[name].first;
  }
  std::vector<graphs::Arc> arcs;
  for (const Edge& edge : graph.edges()) {
    ++statistics.edges_by_kind[static_cast<std::size_t>(edge.kind)];
    for (const auto& name : named(edge.sources)) ++sources[name].second;
    arcs.push_back({edge.from, edge.to});
  }
  for (const auto& [name, counts] : sources)
    statistics.sources.push_back({name.first, name.second, counts.first, counts.second});

  const graphs::Components components = graphs::FindWeakComponents(graphs::DirectedGraph(graph.nodes().size(), arcs));
  statistics.components = components.count;
  std::vector<std::size_t> sizes(components.count, 0);
  for (const std::uint32_t component : components.component_of) ++sizes[component];
  if (!sizes.empty()) statistics.largest_component = *std::max_element(sizes.begin(), sizes.end());
  return statistics;
}

}  // namespace ringfort::knowledge
