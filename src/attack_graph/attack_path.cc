#include "attack_graph/attack_path.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <set>
#include <unordered_map>
#include <utility>

#include "attack_graph/neighborhood_internal.h"
#include "graphs/shortest_paths.h"

namespace ringfort::attack_graph {
namespace {

constexpr double kUnreachable = std::numeric_limits<double>::infinity();

AttackPath PathOf(const AttackGraph& graph, std::vector<Step> steps) {
  AttackPath path{std::move(steps), 1, 0};
  for (const Step step : path.steps) {
    path.probability *= graph.Probability(step);
    path.cost += graph.Cost(step);
  }
  return path;
}

// What is closed while one tree is searched.
struct Restriction {
  std::unordered_map<Fact, Step> chosen{};  // the only step by which the fact may be concluded
  std::set<Step> shut{};
};

struct Tree {
  double surprise = kUnreachable;  // of the tree: a step counts as often as it stands
  std::vector<Fact> facts{};       // the goal first, each fact before those that its step needs
  std::vector<Step> steps{};       // by which each of them is concluded
};

// The most probable tree to the goal, or to every fact if the goal is kNone, by Knuth's
// algorithm.
class TreeSearch {
 public:
  TreeSearch(const AttackGraph& graph, Fact goal) : graph_(graph), goal_(goal) {
    for (Step step = 0; step < graph.step_count(); ++step) surprise_.push_back(Surprise(graph, step));
  }

  Tree Find(const Restriction& restriction) {
    Settle(restriction);
    return settled_[goal_] ? TreeTo() : Tree{};
  }

  LastSteps FindAll() {
    Settle({});
    for (Fact fact = 0; fact < graph_.fact_count(); ++fact)
      if (!settled_[fact]) chosen_[fact] = kNone;
    return {std::move(chosen_), std::move(order_)};
  }

 private:
  using Entry = std::pair<double, Fact>;

  void Settle(const Restriction& restriction) {
    order_.clear();
    cost_.assign(graph_.fact_count(), kUnreachable);
    chosen_.assign(graph_.fact_count(), kNone);
    settled_.assign(graph_.fact_count(), false);
    gathered_.assign(graph_.step_count(), 0.0);
    missing_.resize(graph_.step_count());
    for (Step step = 0; step < graph_.step_count(); ++step)
      missing_[step] = static_cast<std::uint32_t>(graph_.Premises(step).size());
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    const auto conclude = [&](Step step) {
      const Fact fact = graph_.Conclusion(step);
      const double cost = gathered_[step] + surprise_[step];
      if (settled_[fact] || !(cost < cost_[fact]) || restriction.shut.contains(step)) return;
      const auto only = restriction.chosen.find(fact);
      if (only != restriction.chosen.end() && only->second != step) return;
      cost_[fact] = cost;
      chosen_[fact] = step;
      queue.push({cost, fact});
    };
    for (const Step step : graph_.OpenSteps()) conclude(step);
    while (!queue.empty() && !(goal_ != kNone && settled_[goal_])) {
      const auto [cost, fact] = queue.top();
      queue.pop();
      if (settled_[fact]) continue;
      settled_[fact] = true;
      order_.push_back(fact);
      for (const Step step : graph_.StepsFrom(fact)) {
        gathered_[step] += cost;
        if (--missing_[step] == 0) conclude(step);
      }
    }
  }

  // Depth first, without recursion; the reverse of the order in which facts are
  // finished puts each before those that it needs.
  Tree TreeTo() const {
    Tree tree{cost_[goal_], {}, {}};
    std::vector<bool> seen(graph_.fact_count(), false);
    std::vector<std::pair<Fact, std::size_t>> stack{{goal_, 0}};
    seen[goal_] = true;
    while (!stack.empty()) {
      auto& [fact, next] = stack.back();
      const auto premises = graph_.Premises(chosen_[fact]);
      if (next < premises.size()) {
        const Fact premise = premises[next++];
        if (!seen[premise]) {
          seen[premise] = true;
          stack.push_back({premise, 0});
        }
        continue;
      }
      tree.facts.push_back(fact);
      stack.pop_back();
    }
    std::reverse(tree.facts.begin(), tree.facts.end());
    for (const Fact fact : tree.facts) tree.steps.push_back(chosen_[fact]);
    return tree;
  }

  const AttackGraph& graph_;
  Fact goal_;
  std::vector<double> surprise_{};
  std::vector<double> cost_{};
  std::vector<Step> chosen_{};
  std::vector<Fact> order_{};
  std::vector<bool> settled_{};
  std::vector<double> gathered_{};
  std::vector<std::uint32_t> missing_{};
};

struct Candidate {
  Tree tree;
  Restriction restriction;
};

struct LessProbableFirst {
  bool operator()(const Candidate& a, const Candidate& b) const { return a.tree.surprise > b.tree.surprise; }
};

std::vector<AttackPath> FindTrees(const AttackGraph& graph, Fact goal, std::size_t count) {
  TreeSearch search(graph, goal);
  std::priority_queue<Candidate, std::vector<Candidate>, LessProbableFirst> candidates;
  const auto consider = [&](Restriction restriction) {
    Tree tree = search.Find(restriction);
    if (tree.surprise < kUnreachable) candidates.push({std::move(tree), std::move(restriction)});
  };
  consider({});
  std::vector<AttackPath> paths;
  while (!candidates.empty() && paths.size() < count) {
    const Candidate best = candidates.top();
    candidates.pop();
    std::vector<Step> steps(best.tree.steps.rbegin(), best.tree.steps.rend());
    paths.push_back(PathOf(graph, std::move(steps)));
    // Every other tree of this restriction differs first, counted from the goal, at
    // exactly one fact: one part for each, no tree in two of them.
    Restriction part = best.restriction;
    for (std::size_t i = 0; i < best.tree.facts.size(); ++i) {
      if (!best.restriction.chosen.contains(best.tree.facts[i])) {
        Restriction other = part;
        other.shut.insert(best.tree.steps[i]);
        consider(std::move(other));
      }
      part.chosen[best.tree.facts[i]] = best.tree.steps[i];
    }
  }
  std::stable_sort(paths.begin(), paths.end(),
                   [](const AttackPath& a, const AttackPath& b) { return a.probability > b.probability; });
  return paths;
}

}  // namespace

namespace {

// Below this a search of all of the graph takes milliseconds.
constexpr std::size_t kNearFrom = 20'000;
// The first neighborhood that is searched, and how much the next one is larger.
constexpr std::size_t kNearFacts = 1'000;
constexpr std::size_t kNearGrowth = 4;

// The paths to the goal that stay within some facts, all facts if `within` is null.
std::vector<AttackPath> FindPathsWithin(const AttackGraph& graph, const std::vector<Fact>* within, Fact goal,
                                        std::size_t count) {
  const std::size_t facts = within == nullptr ? graph.fact_count() : within->size();
  std::unordered_map<Fact, graphs::Node> node_of;
  if (within != nullptr)
    for (const Fact fact : *within) node_of.emplace(fact, static_cast<graphs::Node>(node_of.size()));
  const auto node = [&](Fact fact) {
    if (within == nullptr) return static_cast<graphs::Node>(fact);
    const auto at = node_of.find(fact);
    return at == node_of.end() ? graphs::kNone : at->second;
  };
  // A graph of paths: one node more stands for where the attacker begins.
  const auto beginning = static_cast<graphs::Node>(facts);
  std::vector<graphs::Arc> arcs;
  std::vector<double> costs;
  std::vector<Step> steps;
  const auto add = [&](Step step) {
    const auto premises = graph.Premises(step);
    const graphs::Node from = premises.empty() ? beginning : node(premises[0]);
    const graphs::Node to = node(graph.Conclusion(step));
    if (from == graphs::kNone || to == graphs::kNone) return;
    arcs.push_back({from, to});
    costs.push_back(Surprise(graph, step));
    steps.push_back(step);
  };
  if (within == nullptr) {
    for (Step step = 0; step < graph.step_count(); ++step) add(step);
  } else {
    for (const Fact fact : *within)
      for (const Step step : graph.StepsTo(fact)) add(step);
  }
  std::vector<AttackPath> paths;
  const graphs::DirectedGraph directed(facts + 1, arcs);
  for (const graphs::Path& path : graphs::FindPaths(directed, costs, beginning, node(goal), count)) {
    std::vector<Step> taken;
    for (const graphs::Edge edge : path.edges) taken.push_back(steps[edge]);
    paths.push_back(PathOf(graph, std::move(taken)));
  }
  return paths;
}

// In a large graph the likeliest paths pass few facts. What was found within a
// neighborhood is final once no path that leaves it can be likelier.
std::vector<AttackPath> FindNearPaths(const AttackGraph& graph, Fact goal, std::size_t count) {
  Neighborhood near(graph, goal);
  for (std::size_t facts = kNearFacts; facts < graph.fact_count() / kNearGrowth; facts *= kNearGrowth) {
    near.GrowTo(facts);
    std::vector<AttackPath> paths = FindPathsWithin(graph, &near.facts(), goal, count);
    if (paths.size() < count && near.reach() < kUnreachable) continue;
    const double surprise = paths.empty() ? 0 : -std::log(paths.back().probability);
    if (surprise < near.reach()) return paths;
    near.GrowAround(surprise);
    if (near.facts().size() < graph.fact_count() / kNearGrowth)
      return FindPathsWithin(graph, &near.facts(), goal, count);
    break;
  }
  return FindPathsWithin(graph, nullptr, goal, count);
}

}  // namespace

std::vector<AttackPath> FindAttackPaths(const AttackGraph& graph, Fact goal, std::size_t count) {
  for (Step step = 0; step < graph.step_count(); ++step)
    if (graph.Premises(step).size() > 1) return FindTrees(graph, goal, count);
  return graph.fact_count() < kNearFrom ? FindPathsWithin(graph, nullptr, goal, count)
                                        : FindNearPaths(graph, goal, count);
}

LastSteps FindLastSteps(const AttackGraph& graph) { return TreeSearch(graph, kNone).FindAll(); }

}  // namespace ringfort::attack_graph
