#include "graphs/directed_graph.h"

namespace ringfort::graphs {

DirectedGraph::DirectedGraph(std::size_t node_count, std::span<const Arc> arcs)
    : first_(node_count + 1, 0), out_(arcs.size()) {
  for (const Arc& arc : arcs) ++first_[arc.from + 1];
  for (std::size_t node = 0; node < node_count; ++node) first_[node + 1] += first_[node];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (Edge edge = 0; edge < arcs.size(); ++edge) out_[next[arcs[edge].from]++] = {arcs[edge].to, edge};
}

DirectedGraph DirectedGraph::Reversed() const {
  // By edge number, so that the rows of the reversed graph are in the order of the list too.
  std::vector<Arc> arcs(edge_count());
  for (Node node = 0; node < node_count(); ++node)
    for (const Out& out : From(node)) arcs[out.edge] = {out.to, node};
  return DirectedGraph(node_count(), arcs);
}

}  // namespace ringfort::graphs
