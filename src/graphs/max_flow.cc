#include "graphs/max_flow.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringfort::graphs {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Edge 2e is arc e, edge 2e + 1 its way back.
class Dinic {
 public:
  Dinic(std::size_t node_count, std::span<const Arc> arcs, std::span<const double> capacities)
      : graph_(node_count, BothWays(arcs)), rest_(2 * arcs.size(), 0.0), level_(node_count), next_(node_count) {
    double finite = 0;
    for (const double capacity : capacities)
      if (capacity < kInfinity) finite += capacity;
    // More than all finite edges together can carry stands for "unlimited"; the
    // arithmetic then stays finite and exact to the last bit of what is finite.
    unlimited_ = 2 * finite + 1;
    for (std::size_t i = 0; i < arcs.size(); ++i) rest_[2 * i] = std::min(capacities[i], unlimited_);
  }

  double Run(Node source, Node sink) {
    double total = 0;
    while (Layer(source, sink)) {
      std::fill(next_.begin(), next_.end(), 0);
      for (double pushed = Push(source, sink); pushed > 0; pushed = Push(source, sink)) total += pushed;
      if (total > 0.5 * unlimited_) return kInfinity;
    }
    return total;
  }

  bool Reached(Node node) const { return level_[node] != kNone; }
  double Flow(std::size_t arc) const { return rest_[2 * arc + 1]; }

 private:
  static std::vector<Arc> BothWays(std::span<const Arc> arcs) {
    std::vector<Arc> both;
    both.reserve(2 * arcs.size());
    for (const Arc& arc : arcs) {
      both.push_back(arc);
      both.push_back({arc.to, arc.from});
    }
    return both;
  }

  bool Layer(Node source, Node sink) {
    std::fill(level_.begin(), level_.end(), kNone);
    level_[source] = 0;
    std::vector<Node> queue{source};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const auto& out : graph_.From(queue[i])) {
        if (rest_[out.edge] <= 0 || level_[out.to] != kNone) continue;
        level_[out.to] = level_[queue[i]] + 1;
        queue.push_back(out.to);
      }
    }
    return level_[sink] != kNone;
  }

  // One path along the layers, without recursion: graphs may be long chains. The
  // edge that bounds it is left with exactly 0, so rounding cannot keep it alive.
  double Push(Node source, Node sink) {
    path_.clear();
    Node node = source;
    while (node != sink) {
      const auto edges = graph_.From(node);
      bool advanced = false;
      for (; next_[node] < edges.size(); ++next_[node]) {
        const auto& out = edges[next_[node]];
        if (rest_[out.edge] <= 0 || level_[out.to] != level_[node] + 1) continue;
        path_.push_back({node, out.edge});
        node = out.to;
        advanced = true;
        break;
      }
      if (advanced) continue;
      if (path_.empty()) return 0;
      node = path_.back().from;
      path_.pop_back();
      ++next_[node];
    }
    double least = kInfinity;
    for (const auto& step : path_) least = std::min(least, rest_[step.edge]);
    for (const auto& step : path_) {
      rest_[step.edge] -= least;
      rest_[step.edge ^ 1] += least;
    }
    return least;
  }

  struct Step {
    Node from;
    Edge edge;
  };

  DirectedGraph graph_;
  std::vector<double> rest_;
  std::vector<std::uint32_t> level_;
  std::vector<std::uint32_t> next_;
  std::vector<Step> path_{};
  double unlimited_ = 0;
};

}  // namespace

MaxFlow FindMaxFlow(std::size_t node_count, std::span<const Arc> arcs, std::span<const double> capacities, Node source,
                    Node sink) {
  Dinic dinic(node_count, arcs, capacities);
  MaxFlow result;
  result.value = dinic.Run(source, sink);
  result.flow.reserve(arcs.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) result.flow.push_back(dinic.Flow(i));
  result.source_side.reserve(node_count);
  for (Node node = 0; node < node_count; ++node) result.source_side.push_back(dinic.Reached(node));
  if (std::isinf(result.value)) return result;
  for (Edge edge = 0; edge < arcs.size(); ++edge)
    if (result.source_side[arcs[edge].from] && !result.source_side[arcs[edge].to] && capacities[edge] > 0)
      result.cut.push_back(edge);
  return result;
}

}  // namespace ringfort::graphs
