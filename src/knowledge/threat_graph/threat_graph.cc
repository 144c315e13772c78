#include "knowledge/threat_graph/threat_graph.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace ringfort::knowledge {
namespace {

bool Before(const Property& a, const Property& b) { return std::tie(a.name, a.value) < std::tie(b.name, b.value); }

void Unite(std::vector<Property>& into, std::vector<Property> more) {
  into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  std::sort(into.begin(), into.end(), Before);
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

void Unite(std::vector<Source>& into, std::span<const Source> more) {
  for (const Source& source : more)
    if (std::find(into.begin(), into.end(), source) == into.end()) into.push_back(source);
}

template <std::size_t n>
std::optional<std::size_t> PlaceOf(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end()) return std::nullopt;
  return static_cast<std::size_t>(place - names.begin());
}

}  // namespace

std::optional<NodeKind> NodeKindFromName(std::string_view name) {
  const std::optional<std::size_t> place = PlaceOf(kNodeKindNames, name);
  return place ? std::optional(static_cast<NodeKind>(*place)) : std::nullopt;
}

std::optional<EdgeKind> EdgeKindFromName(std::string_view name) {
  const std::optional<std::size_t> place = PlaceOf(kEdgeKindNames, name);
  return place ? std::optional(static_cast<EdgeKind>(*place)) : std::nullopt;
}

std::string_view PropertyOf(const Node& node, std::string_view name) {
  for (const Property& property : node.properties)
    if (property.name == name) return property.value;
  return {};
}

NodeIndex ThreatGraph::Add(Node node) {
  const auto [place, fresh] = node_of_.try_emplace(node.id, static_cast<NodeIndex>(nodes_.size()));
  const NodeIndex index = place->second;
  if (fresh) {
    std::sort(node.properties.begin(), node.properties.end(), Before);
    nodes_.push_back(std::move(node));
    mentioned_.push_back(false);
    from_.emplace_back();
    to_.emplace_back();
    return index;
  }
  Node& known = nodes_[index];
  if (mentioned_[index]) known.kind = node.kind;
  mentioned_[index] = false;
  if (known.title.empty()) known.title = std::move(node.title);
  if (known.text.empty()) known.text = std::move(node.text);
  Unite(known.properties, std::move(node.properties));
  Unite(known.sources, node.sources);
  return index;
}

NodeIndex ThreatGraph::Mention(std::string_view id, NodeKind kind) {
  if (const NodeIndex known = Find(id); known != kNoIndex) return known;
  Node node;
  node.id = id;
  node.kind = kind;
  const NodeIndex index = Add(std::move(node));
  mentioned_[index] = true;
  return index;
}

std::string ThreatGraph::KeyOf(EdgeKind kind, NodeIndex from, NodeIndex to) {
  std::string key(1 + 2 * sizeof(NodeIndex), static_cast<char>(kind));
  std::memcpy(key.data() + 1, &from, sizeof from);
  std::memcpy(key.data() + 1 + sizeof from, &to, sizeof to);
  return key;
}

EdgeIndex ThreatGraph::Add(Edge edge) {
  const auto [place, fresh] =
      edge_of_.try_emplace(KeyOf(edge.kind, edge.from, edge.to), static_cast<EdgeIndex>(edges_.size()));
  const EdgeIndex index = place->second;
  if (fresh) {
    from_[edge.from].push_back(index);
    to_[edge.to].push_back(index);
    edges_.push_back({edge.kind, edge.from, edge.to, {}, {}});
  }
  Unite(edges_[index].properties, std::move(edge.properties));
  Unite(edges_[index].sources, edge.sources);
  return index;
}

NodeIndex ThreatGraph::Find(std::string_view id) const {
  const auto place = node_of_.find(std::string(id));
  return place == node_of_.end() ? kNoIndex : place->second;
}

void ThreatGraph::Add(const ThreatGraph& other) {
  std::vector<NodeIndex> index;
  for (NodeIndex i = 0; i < other.nodes_.size(); ++i)
    index.push_back(other.mentioned_[i] ? Mention(other.nodes_[i].id, other.nodes_[i].kind) : Add(other.nodes_[i]));
  for (const Edge& edge : other.edges_) {
    Edge same = edge;
    same.from = index[edge.from];
    same.to = index[edge.to];
    Add(std::move(same));
  }
}

}  // namespace ringfort::knowledge
