#include "graphs/components.h"

#include <algorithm>
#include <numeric>

namespace ringfort::graphs {

Components FindStrongComponents(const DirectedGraph& graph) {
  struct Visit {
    Node node;
    std::uint32_t next;  // of the edges that leave it
  };
  const std::size_t n = graph.node_count();
  Components components{std::vector<std::uint32_t>(n, kNone), 0};
  std::vector<std::uint32_t> low(n, kNone);  // the earliest node on the stack that is known to be reached
  std::vector<std::uint32_t> order(n, kNone);
  std::vector<Node> stack;
  std::vector<Visit> visits;
  std::uint32_t seen = 0;
  const auto enter = [&](Node node) {
    order[node] = low[node] = seen++;
    stack.push_back(node);
    visits.push_back({node, 0});
  };
  for (Node root = 0; root < n; ++root) {
    if (order[root] != kNone) continue;
    enter(root);
    while (!visits.empty()) {
      Visit& visit = visits.back();
      const Node node = visit.node;
      const auto edges = graph.From(node);
      if (visit.next < edges.size()) {
        const Node to = edges[visit.next++].to;
        if (order[to] == kNone)
          enter(to);
        else if (components.component_of[to] == kNone)
          low[node] = std::min(low[node], order[to]);
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) low[visits.back().node] = std::min(low[visits.back().node], low[node]);
      if (low[node] != order[node]) continue;
      Node member = kNone;
      do {
        member = stack.back();
        stack.pop_back();
        components.component_of[member] = components.count;
      } while (member != node);
      ++components.count;
    }
  }
  return components;
}

Components FindWeakComponents(const DirectedGraph& graph) {
  const std::size_t n = graph.node_count();
  std::vector<Node> leader(n);
  std::iota(leader.begin(), leader.end(), Node{0});
  const auto find = [&](Node node) {
    while (leader[node] != node) node = leader[node] = leader[leader[node]];
    return node;
  };
  for (Node node = 0; node < n; ++node) {
    for (const auto& out : graph.From(node)) {
      const Node a = find(node);
      const Node b = find(out.to);
      leader[std::max(a, b)] = std::min(a, b);
    }
  }
  Components components{std::vector<std::uint32_t>(n), 0};
  for (Node node = 0; node < n; ++node) {
    // A leader is the least node of its component, so it was numbered before.
    const Node first = find(node);
    components.component_of[node] = first == node ? components.count++ : components.component_of[first];
  }
  return components;
}

}  // namespace ringfort::graphs
