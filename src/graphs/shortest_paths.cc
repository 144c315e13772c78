#include "graphs/shortest_paths.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "graphs/node_heap_internal.h"

namespace ringfort::graphs {
namespace {

// Searches detours: the cheapest way from a node to the target past some closed
// nodes and edges. What a search has written is undone by its number, so that a
// search costs what it looks at, not the size of the graph.
class DetourSearch {
 public:
  DetourSearch(const DirectedGraph& graph, const DirectedGraph& reversed, std::span<const double> costs,
               const std::vector<double>& cost_to_target)
      : graph_(graph),
        reversed_(reversed),
        costs_(costs),
        cost_to_target_(cost_to_target),
        state_(graph.node_count()),
        seen_behind_(graph.node_count(), 0) {}

  void Begin() { ++search_; }
  void Close(Node node) {
    state_[node].closed_in = search_;
    seen_behind_[node] = search_;
  }

  // Appends the way from `from` to `target` to `path`; false if there is none.
  // `shut` are edges that leave `from`, in order.
  bool Find(Node from, Node target, std::span<const Edge> shut, Path& path) {
    heap_.clear();
    Reach(from, 0, kNone, kNone);
    // Where no way is left, the search ahead would look at all of the graph before
    // it knew. One that comes back from the target step for step often knows at once.
    bool way_back_open = true;
    behind_.assign(1, target);
    seen_behind_[target] = search_;
    std::size_t looked_behind = 0;
    while (!heap_.empty()) {
      const NodeHeap::Entry entry = heap_.Pop();
      State& here = state_[entry.node];
      if (here.closed_in == search_) continue;
      here.closed_in = search_;
      if (entry.node == target) {
        Unwind(from, target, path);
        return true;
      }
      const double so_far = here.cost;
      for (const auto& out : graph_.From(entry.node)) {
        if (entry.node == from && std::binary_search(shut.begin(), shut.end(), out.edge)) continue;
        if (cost_to_target_[out.to] == kUnreachable || costs_[out.edge] == kUnreachable) continue;
        Reach(out.to, so_far + costs_[out.edge], out.edge, entry.node);
      }
      if (!way_back_open) continue;
      if (looked_behind == behind_.size()) return false;
      way_back_open = !LookBehind(behind_[looked_behind++], from, shut);
    }
    return false;
  }

 private:
  struct State {
    double cost = 0;
    std::uint32_t reached_in = 0;  // the search that reached the node
    std::uint32_t closed_in = 0;   // the search that is done with it, or may not enter it
    Edge edge = kNone;
    Node previous = kNone;
  };

  void Reach(Node node, double cost, Edge edge, Node previous) {
    State& state = state_[node];
    if (state.closed_in == search_) return;
    if (state.reached_in == search_ && state.cost <= cost) return;
    state.cost = cost;
    state.reached_in = search_;
    state.edge = edge;
    state.previous = previous;
    heap_.Push(cost + cost_to_target_[node], node);
  }

  // Goes one node back; true if that arrived at `from`.
  bool LookBehind(Node node, Node from, std::span<const Edge> shut) {
    for (const auto& in : reversed_.From(node)) {
      if (costs_[in.edge] == kUnreachable) continue;
      if (in.to == from) {
        if (!std::binary_search(shut.begin(), shut.end(), in.edge)) return true;
      } else if (seen_behind_[in.to] != search_) {
        seen_behind_[in.to] = search_;
        behind_.push_back(in.to);
      }
    }
    return false;
  }

  void Unwind(Node from, Node target, Path& path) const {
    const std::size_t kept = path.edges.size();
    for (Node node = target; node != from; node = state_[node].previous) {
      path.edges.push_back(state_[node].edge);
      path.nodes.push_back(node);
    }
    std::reverse(path.edges.begin() + static_cast<std::ptrdiff_t>(kept), path.edges.end());
    std::reverse(path.nodes.begin() + static_cast<std::ptrdiff_t>(kept) + 1, path.nodes.end());
  }

  const DirectedGraph& graph_;
  const DirectedGraph& reversed_;
  std::span<const double> costs_;
  const std::vector<double>& cost_to_target_;
  std::vector<State> state_;
  std::vector<std::uint32_t> seen_behind_;  // by node: the search that saw it from the target, or may not enter it
  std::vector<Node> behind_{};
  NodeHeap heap_{};
  std::uint32_t search_ = 0;
};

struct Candidate {
  Path path;
  std::size_t branch = 0;  // the place where it leaves the path that it came from
};

struct DearerFirst {
  bool operator()(const Candidate& a, const Candidate& b) const { return a.path.cost > b.path.cost; }
};

}  // namespace

ShortestPathTree FindShortestPaths(const DirectedGraph& graph, std::span<const double> costs,
                                   std::span<const Node> sources) {
  const std::size_t n = graph.node_count();
  ShortestPathTree tree{std::vector<double>(n, kUnreachable), std::vector<Edge>(n, kNone), std::vector<Node>(n, kNone)};
  NodeHeap heap;
  for (const Node source : sources) {
    tree.cost[source] = 0;
    heap.Push(0, source);
  }
  while (!heap.empty()) {
    const NodeHeap::Entry entry = heap.Pop();
    if (entry.cost > tree.cost[entry.node]) continue;
    for (const auto& out : graph.From(entry.node)) {
      const double cost = entry.cost + costs[out.edge];
      if (!(cost < tree.cost[out.to])) continue;
      tree.cost[out.to] = cost;
      tree.arriving_edge[out.to] = out.edge;
      tree.previous[out.to] = entry.node;
      heap.Push(cost, out.to);
    }
  }
  return tree;
}

std::vector<Path> FindPaths(const DirectedGraph& graph, std::span<const double> costs, Node source, Node target,
                            std::size_t count) {
  std::vector<Path> paths;
  if (count == 0) return paths;
  const Node targets[] = {target};
  const DirectedGraph reversed = graph.Reversed();
  const std::vector<double> cost_to_target = FindShortestPaths(reversed, costs, targets).cost;
  if (cost_to_target[source] == kUnreachable) return paths;

  DetourSearch search(graph, reversed, costs, cost_to_target);
  std::priority_queue<Candidate, std::vector<Candidate>, DearerFirst> candidates;
  const auto cost_of = [&](const Path& path) {
    double cost = 0;
    for (const Edge edge : path.edges) cost += costs[edge];
    return cost;
  };
  search.Begin();
  Candidate first{{0, {}, {source}}, 0};
  search.Find(source, target, {}, first.path);
  first.path.cost = cost_of(first.path);
  candidates.push(std::move(first));

  while (!candidates.empty() && paths.size() < count) {
    const std::size_t from = candidates.top().branch;
    paths.push_back(candidates.top().path);
    candidates.pop();
    if (paths.size() == count) break;
    const Path found = paths.back();
    // Earlier branches of this path were searched when its parent was taken.
    for (std::size_t branch = from; branch < found.edges.size(); ++branch) {
      std::vector<Edge> shut;
      for (const Path& path : paths) {
        if (path.edges.size() > branch &&
            std::equal(found.edges.begin(), found.edges.begin() + static_cast<std::ptrdiff_t>(branch),
                       path.edges.begin()))
          shut.push_back(path.edges[branch]);
      }
      std::sort(shut.begin(), shut.end());
      search.Begin();
      for (std::size_t i = 0; i < branch; ++i) search.Close(found.nodes[i]);
      Candidate candidate{{0,
                           {found.edges.begin(), found.edges.begin() + static_cast<std::ptrdiff_t>(branch)},
                           {found.nodes.begin(), found.nodes.begin() + static_cast<std::ptrdiff_t>(branch) + 1}},
                          branch};
      if (!search.Find(found.nodes[branch], target, shut, candidate.path)) continue;
      candidate.path.cost = cost_of(candidate.path);
      candidates.push(std::move(candidate));
    }
  }
  return paths;
}

}  // namespace ringfort::graphs
