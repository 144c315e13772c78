#include "knowledge/view/view.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace ringfort::knowledge {
namespace {

using Ends = std::tuple<EdgeKind, NodeIndex, NodeIndex>;

std::optional<std::size_t> PlaceOf(const ShapeDefinition& definition, NodeKind from, EdgeKind kind, NodeKind to) {
  for (std::size_t i = 0; i < definition.edges.size(); ++i) {
    const ShapeEdge& edge = definition.edges[i];
    if (edge.from == from && edge.kind == kind && edge.to == to) return i;
  }
  return std::nullopt;
}

bool Says(const Edge& edge, std::string_view name, std::string_view value) {
  return std::any_of(edge.properties.begin(), edge.properties.end(), [&](const Property& property) {
    return property.name == name && (value.empty() || property.value == value);
  });
}

class Viewer {
 public:
  Viewer(const ThreatGraph& graph, Shape shape) : graph_(graph), shape_(shape), definition_(DefinitionOf(shape)) {}

  View Make() {
    for (NodeIndex i = 0; i < graph_.nodes().size(); ++i) {
      const Node& node = graph_.node(i);
      if (!Keeps(definition_, node))
        place_.push_back(kNoIndex);
      else
        place_.push_back(graph_.OnlyMentioned(i) ? view_.graph.Mention(node.id, node.kind) : view_.graph.Add(node));
    }
    for (const Edge& edge : graph_.edges()) {
      if (place_[edge.from] == kNoIndex || place_[edge.to] == kNoIndex ||
          !PlaceOf(definition_, graph_.node(edge.from).kind, edge.kind, graph_.node(edge.to).kind))
        continue;
      Edge kept = edge;
      kept.from = place_[edge.from];
      kept.to = place_[edge.to];
      kept_.emplace(kept.kind, kept.from, kept.to);
      view_.graph.Add(std::move(kept));
    }
    for (const ShapeRule& rule : definition_.rules) Derive(rule);
    return std::move(view_);
  }

 private:
  // Hands on each end of the way, with the first node left out between.
  template <class Reach>
  void Follow(NodeIndex node, std::span<const ShapeRule::Step> way, NodeIndex via, const Reach& reach) {
    const ShapeRule::Step& step = way.front();
    for (const EdgeIndex index : step.along ? graph_.EdgesFrom(node) : graph_.EdgesTo(node)) {
      const Edge& edge = graph_.edge(index);
      const NodeIndex other = step.along ? edge.to : edge.from;
      if (edge.kind != step.kind || graph_.node(other).kind != step.to) continue;
      if (++ways_ > kMostWays) {
        view_.cut = true;
        return;
      }
      if (way.size() == 1)
        reach(other, via);
      else
        Follow(other, way.subspan(1), via == kNoIndex ? other : via, reach);
    }
  }

  void Derive(const ShapeRule& rule) {
    std::map<std::pair<NodeIndex, NodeIndex>, std::vector<NodeIndex>> found;  // nodes between, by ends in the view
    for (NodeIndex from = 0; from < graph_.nodes().size() && !view_.cut; ++from) {
      if (place_[from] == kNoIndex || graph_.node(from).kind != rule.from) continue;
      const auto reach = [&](NodeIndex to, NodeIndex via) {
        if (place_[to] == kNoIndex || to == from || kept_.contains(Ends{rule.makes, place_[from], place_[to]})) return;
        std::vector<NodeIndex>& vias = found[{place_[from], place_[to]}];
        if (via != kNoIndex && vias.size() < kMostVias && !std::count(vias.begin(), vias.end(), via))
          vias.push_back(via);
      };
      Follow(from, rule.way, kNoIndex, reach);
    }
    std::string stands_for;
    for (const ShapeRule::Step& step : rule.way)
      stands_for += (stands_for.empty() ? "" : ", ") + std::string(Name(step.kind));
    for (const auto& [ends, vias] : found) {
      Edge edge{rule.makes,
                ends.first,
                ends.second,
                {{std::string(kDerivedProperty), stands_for}},
                {{"Ringfort", "", "view " + std::string(Name(shape_))}}};
      for (const NodeIndex via : vias) edge.properties.push_back({"via", graph_.node(via).id});
      view_.graph.Add(std::move(edge));
    }
  }

  const ThreatGraph& graph_;
  Shape shape_;
  const ShapeDefinition& definition_;
  View view_{};
  std::vector<NodeIndex> place_{};  // in the view, by node of the graph
  std::set<Ends> kept_{};           // edges of the view that the graph has
  std::size_t ways_ = 0;
};

}  // namespace

View ViewAs(const ThreatGraph& graph, Shape shape) { return Viewer(graph, shape).Make(); }

ViewCounts CountsOf(const ThreatGraph& view, Shape shape) {
  const ShapeDefinition& definition = DefinitionOf(shape);
  ViewCounts counts;
  for (const ShapeNode& kept : definition.nodes)
    counts.nodes.push_back(static_cast<std::size_t>(std::count_if(
        view.nodes().begin(), view.nodes().end(), [&](const Node& node) { return node.kind == kept.kind; })));
  counts.edges.resize(definition.edges.size());
  for (const Edge& edge : view.edges()) {
    const auto place = PlaceOf(definition, view.node(edge.from).kind, edge.kind, view.node(edge.to).kind);
    if (!place) continue;
    ViewCounts::Edges& at = counts.edges[*place];
    ++at.all;
    at.as_published += Says(edge, "stated_by", "published") ? 1 : 0;
    at.derived += Says(edge, kDerivedProperty, "") ? 1 : 0;
  }
  return counts;
}

}  // namespace ringfort::knowledge
