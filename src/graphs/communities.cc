#include "graphs/communities.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/random.h"

namespace ringfort::graphs {
namespace {

struct Link {
  std::uint32_t to;
  double weight;
};

// An undirected weighted graph; a loop stands once in its row, with twice its weight.
struct Level {
  std::vector<std::vector<Link>> links{};
  std::vector<double> strength{};  // the sum of a row
  double total = 0;                // of all rows: twice the weight of all edges
};

Level LevelOf(std::size_t nodes, const std::vector<std::unordered_map<std::uint32_t, double>>& rows) {
  Level level;
  level.links.resize(nodes);
  level.strength.assign(nodes, 0);
  for (std::size_t node = 0; node < nodes; ++node) {
    for (const auto& [to, weight] : rows[node]) {
      level.links[node].push_back({to, weight});
      level.strength[node] += weight;
    }
    // The order of a hash table is nobody's; results must not hang on it.
    std::sort(level.links[node].begin(), level.links[node].end(),
              [](const Link& a, const Link& b) { return a.to < b.to; });
    level.total += level.strength[node];
  }
  return level;
}

// Moves nodes one by one to the neighboring community that gains most, until none gains.
std::vector<std::uint32_t> Settle(const Level& level, Random& random) {
  const std::size_t n = level.links.size();
  std::vector<std::uint32_t> community(n);
  std::iota(community.begin(), community.end(), 0);
  std::vector<double> strength = level.strength;  // of each community
  std::vector<std::uint32_t> order = community;
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
  std::vector<double> towards(n, 0);  // weight from the node at hand to each community
  std::vector<std::uint32_t> touched;
  for (bool moved = true; moved;) {
    moved = false;
    for (const std::uint32_t node : order) {
      touched.clear();
      for (const Link& link : level.links[node]) {
        if (link.to == node) continue;
        const std::uint32_t other = community[link.to];
        if (towards[other] == 0) touched.push_back(other);
        towards[other] += link.weight;
      }
      const std::uint32_t home = community[node];
      strength[home] -= level.strength[node];
      const auto gain = [&](std::uint32_t c) { return towards[c] - level.strength[node] * strength[c] / level.total; };
      std::uint32_t best = home;
      double best_gain = gain(home) + 1e-12 * level.total;
      for (const std::uint32_t other : touched) {
        if (gain(other) <= best_gain) continue;
        best = other;
        best_gain = gain(other);
      }
      strength[best] += level.strength[node];
      if (best != home) {
        community[node] = best;
        moved = true;
      }
      for (const std::uint32_t other : touched) towards[other] = 0;
    }
  }
  return community;
}

// Renumbers by first appearance; yields how many there are.
std::uint32_t Renumber(std::vector<std::uint32_t>& community) {
  std::unordered_map<std::uint32_t, std::uint32_t> number;
  for (std::uint32_t& c : community) c = number.try_emplace(c, static_cast<std::uint32_t>(number.size())).first->second;
  return static_cast<std::uint32_t>(number.size());
}

double Modularity(const Level& level, const std::vector<std::uint32_t>& community, std::uint32_t count) {
  std::vector<double> inside(count, 0);
  std::vector<double> strength(count, 0);
  for (std::size_t node = 0; node < level.links.size(); ++node) {
    strength[community[node]] += level.strength[node];
    for (const Link& link : level.links[node])
      if (community[link.to] == community[node]) inside[community[node]] += link.weight;
  }
  double modularity = 0;
  for (std::uint32_t c = 0; c < count; ++c) {
    const double share = strength[c] / level.total;
    modularity += inside[c] / level.total - share * share;
  }
  return modularity;
}

}  // namespace

Communities FindCommunities(const DirectedGraph& graph, std::span<const double> weights, std::uint64_t seed) {
  const std::size_t n = graph.node_count();
  std::vector<std::unordered_map<std::uint32_t, double>> rows(n);
  for (Node node = 0; node < n; ++node) {
    for (const auto& out : graph.From(node)) {
      const double weight = weights.empty() ? 1.0 : weights[out.edge];
      rows[node][out.to] += weight;
      rows[out.to][node] += weight;
    }
  }
  Communities result{std::vector<std::uint32_t>(n), 0, 0};
  std::iota(result.community_of.begin(), result.community_of.end(), 0);
  result.count = static_cast<std::uint32_t>(n);
  const Level whole = LevelOf(n, rows);
  if (whole.total <= 0) return result;

  Random random(seed);
  Level level = whole;
  for (;;) {
    std::vector<std::uint32_t> community = Settle(level, random);
    const std::uint32_t count = Renumber(community);
    for (std::uint32_t& c : result.community_of) c = community[c];
    if (count == level.links.size()) break;
    // Each community becomes a node of the next level.
    std::vector<std::unordered_map<std::uint32_t, double>> merged(count);
    for (std::size_t node = 0; node < level.links.size(); ++node)
      for (const Link& link : level.links[node]) merged[community[node]][community[link.to]] += link.weight;
    level = LevelOf(count, merged);
  }
  result.count = Renumber(result.community_of);
  result.modularity = Modularity(whole, result.community_of, result.count);
  return result;
}

}  // namespace ringfort::graphs
