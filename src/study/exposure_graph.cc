#include "study/exposure_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "graphs/communities.h"
#include "graphs/components.h"
#include "graphs/directed_graph.h"

namespace ringfort::study {
namespace {

enum class Kind { kRepository, kWeakness, kComponent };

struct ExposureGraph {
  std::map<std::pair<Kind, std::string_view>, graphs::Node> number{};
  std::vector<std::pair<Kind, std::string_view>> nodes{};
  std::vector<graphs::Arc> arcs{};

  graphs::Node Number(Kind kind, std::string_view name) {
    const auto [at, fresh] = number.try_emplace({kind, name}, static_cast<graphs::Node>(nodes.size()));
    if (fresh) nodes.emplace_back(kind, name);
    return at->second;
  }
};

ExposureGraph Build(std::span<const Occurrence> occurrences, Placeholder placeholder) {
  ExposureGraph graph;
  std::set<std::pair<graphs::Node, graphs::Node>> seen;
  const auto tie = [&](graphs::Node from, graphs::Node to) {
    if (seen.emplace(from, to).second) graph.arcs.push_back({from, to});
  };
  for (const Occurrence& one : occurrences) {
    const graphs::Node weakness = graph.Number(Kind::kWeakness, one.weakness);
    if (!one.repository.empty()) tie(graph.Number(Kind::kRepository, one.repository), weakness);
    if (placeholder == Placeholder::kCounted || one.component != kNoComponent)
      tie(weakness, graph.Number(Kind::kComponent, one.component));
  }
  return graph;
}

}  // namespace

GraphSize MeasureExposureGraph(std::span<const Occurrence> occurrences, Placeholder placeholder) {
  const ExposureGraph graph = Build(occurrences, placeholder);
  const auto parts = graphs::FindWeakComponents(graphs::DirectedGraph(graph.nodes.size(), graph.arcs));
  std::vector<std::uint64_t> sizes(parts.count);
  for (const std::uint32_t part : parts.component_of) ++sizes[part];
  return {.nodes = graph.nodes.size(),
          .edges = graph.arcs.size(),
          .components = parts.count,
          .giant = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end())};
}

ExposureCommunities FindExposureCommunities(std::span<const Occurrence> occurrences, std::uint64_t seed) {
  const ExposureGraph graph = Build(occurrences, Placeholder::kLeftOut);
  if (graph.arcs.empty()) return {.seed = seed};
  const auto division = graphs::FindCommunities(graphs::DirectedGraph(graph.nodes.size(), graph.arcs), {}, seed);
  std::vector<std::uint64_t> degree(graph.nodes.size());
  for (const graphs::Arc& arc : graph.arcs) ++degree[arc.from], ++degree[arc.to];
  std::vector<std::set<std::string_view>> issues(division.count), critical(division.count);
  for (const Occurrence& one : occurrences) {
    const std::uint32_t community = division.community_of[graph.number.at({Kind::kWeakness, one.weakness})];
    if (!one.issue.empty()) issues[community].insert(one.issue);
    if (one.severity == Severity::kCritical) critical[community].insert(one.weakness);
  }
  ExposureCommunities found{.modularity = division.modularity, .seed = seed};
  found.communities.resize(division.count);
  std::vector<std::uint64_t> most(division.count);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const std::uint32_t number = division.community_of[node];
    ExposureCommunity& community = found.communities[number];
    const auto& [kind, name] = graph.nodes[node];
    ++community.nodes;
    ++(kind == Kind::kRepository  ? community.repositories
       : kind == Kind::kComponent ? community.components
                                  : community.weaknesses);
    if (kind != Kind::kWeakness && degree[node] > most[number]) {
      most[number] = degree[node];
      community.hub = std::string(name);
    }
  }
  for (std::uint32_t number = 0; number < division.count; ++number) {
    found.communities[number].issues = issues[number].size();
    found.communities[number].critical = critical[number].size();
  }
  std::stable_sort(found.communities.begin(), found.communities.end(),
                   [](const ExposureCommunity& a, const ExposureCommunity& b) { return a.nodes > b.nodes; });
  return found;
}

}  // namespace ringfort::study
