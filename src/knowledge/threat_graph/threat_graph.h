#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/threat_graph/edge.h"
#include "knowledge/threat_graph/node.h"

namespace ringfort::knowledge {

// One typed property graph of threats, grown from our catalog and from imports.
// Nodes are known by id; an edge is known by kind and ends. Adding what is already
// there merges: the same import twice changes nothing. Numbers of nodes and edges
// are in the order of their first addition and never change.
//
// Not for concurrent changes; any number of readers.
class ThreatGraph {
 public:
  // Adds the node, or merges it into the one of this id: a title or text that was
  // empty is filled, properties and sources are united. The kind of a node that was
  // only named as the end of an edge (see Mention) becomes the one given.
  NodeIndex Add(Node node);

  // The node of this id; added with nothing but its kind if there is none. It counts
  // as mentioned until Add brings it.
  NodeIndex Mention(std::string_view id, NodeKind kind);

  // Adds the edge, or merges properties and sources into the one of this kind and ends.
  EdgeIndex Add(Edge edge);

  NodeIndex Find(std::string_view id) const;  // kNoIndex if there is none
  const Node& node(NodeIndex index) const { return nodes_[index]; }
  const Edge& edge(EdgeIndex index) const { return edges_[index]; }
  std::span<const Node> nodes() const { return nodes_; }
  std::span<const Edge> edges() const { return edges_; }
  // Whether the node was only mentioned, never added.
  bool OnlyMentioned(NodeIndex index) const { return mentioned_[index]; }

  // The edges at a node, in order of number.
  std::span<const EdgeIndex> EdgesFrom(NodeIndex node) const { return from_[node]; }
  std::span<const EdgeIndex> EdgesTo(NodeIndex node) const { return to_[node]; }

  // Adds all of `other`, merging as above.
  void Add(const ThreatGraph& other);

 private:
  static std::string KeyOf(EdgeKind kind, NodeIndex from, NodeIndex to);

  std::vector<Node> nodes_{};
  std::vector<bool> mentioned_{};
  std::vector<Edge> edges_{};
  std::vector<std::vector<EdgeIndex>> from_{};
  std::vector<std::vector<EdgeIndex>> to_{};
  std::unordered_map<std::string, NodeIndex> node_of_{};
  std::unordered_map<std::string, EdgeIndex> edge_of_{};
};

}  // namespace ringfort::knowledge
