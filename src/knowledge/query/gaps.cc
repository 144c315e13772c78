#include "knowledge/query/gaps.h"

#include <algorithm>
#include <map>

namespace ringfort::knowledge {
namespace {

bool Recovered(const Edge& edge) {
  return std::any_of(edge.properties.begin(), edge.properties.end(),
                     [](const Property& property) { return property.name == kRecoveredProperty; });
}

// How many mitigations are linked to the node: in all, and as their file stands.
struct Answers {
  std::size_t all = 0;
  std::size_t as_written = 0;
};

Answers AnswersTo(const ThreatGraph& graph, NodeIndex node) {
  Answers answers;
  for (const EdgeIndex index : graph.EdgesTo(node)) {
    const Edge& edge = graph.edge(index);
    if (edge.kind != EdgeKind::kMitigates) continue;
    ++answers.all;
    answers.as_written += Recovered(edge) ? 0 : 1;
  }
  return answers;
}

NodeIndex FamilyOf(const ThreatGraph& graph, NodeIndex node) {
  for (const EdgeIndex index : graph.EdgesFrom(node)) {
    const Edge& edge = graph.edge(index);
    if (edge.kind == EdgeKind::kBelongsTo && graph.node(edge.to).kind == NodeKind::kFamily) return edge.to;
  }
  return kNoIndex;
}

}  // namespace

Gaps FindGaps(const ThreatGraph& graph, const std::set<std::string>& executable) {
  Gaps gaps;
  std::map<std::string, Gaps::Techniques> by_source;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.node(i);
    if (graph.OnlyMentioned(i)) continue;
    const NodeIndex family = FamilyOf(graph, i);
    if (node.kind == NodeKind::kTechnique && !node.sources.empty()) {
      Gaps::Techniques& techniques = by_source[node.sources.front().name];
      techniques.source = node.sources.front().name;
      ++techniques.all;
      Answers answers = AnswersTo(graph, i);
      if (family != kNoIndex) {
        const Answers of_family = AnswersTo(graph, family);
        answers = {answers.all + of_family.all, answers.as_written + of_family.as_written};
      }
      if (answers.all == 0) techniques.unmitigated.push_back(i);
      techniques.unmitigated_as_written += answers.as_written == 0 ? 1 : 0;
    } else if (node.kind == NodeKind::kThreat && PropertyOf(node, "kind") != "defense") {
      ++gaps.threats;
      if (family == kNoIndex || !executable.contains(graph.node(family).id)) gaps.threats_not_executable.push_back(i);
    } else if (node.kind == NodeKind::kFamily && AnswersTo(graph, i).all == 0) {
      gaps.families_unanswered.push_back(i);
    }
  }
  for (auto& [name, techniques] : by_source) gaps.techniques.push_back(std::move(techniques));
  return gaps;
}

}  // namespace ringfort::knowledge
