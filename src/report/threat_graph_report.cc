#include "report/threat_graph_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/json_text_internal.h"

namespace ringfort {
namespace {

using knowledge::Edge;
using knowledge::EdgeIndex;
using knowledge::kEdgeKindNames;
using knowledge::kNodeKindNames;
using knowledge::Node;
using knowledge::NodeIndex;
using knowledge::ThreatGraph;

std::string Answer(Json answer) {
  Json document = {{"schema", "ringfort.graph_answer/1"}};
  document.update(answer);
  return JsonText(document);
}

std::string TitleOf(const Node& node) { return Printable(node.title, 90); }

Json Brief(const ThreatGraph& graph, NodeIndex index) {
  const Node& node = graph.node(index);
  return {{"id", node.id}, {"kind", Name(node.kind)}, {"title", node.title}};
}

Json Briefs(const ThreatGraph& graph, std::span<const NodeIndex> nodes) {
  Json list = Json::array();
  for (const NodeIndex node : nodes) list.push_back(Brief(graph, node));
  return list;
}

Json Properties(std::span<const knowledge::Property> properties) {
  Json list = Json::array();
  for (const knowledge::Property& property : properties)
    list.push_back({{"name", property.name}, {"value", property.value}});
  return list;
}

Json Sources(std::span<const knowledge::Source> sources) {
  Json list = Json::array();
  for (const knowledge::Source& source : sources)
    list.push_back({{"name", source.name}, {"version", source.version}, {"location", source.location}});
  return list;
}

std::string SourceText(const knowledge::Source& source) {
  std::string text = source.name;
  if (!source.version.empty()) text += " " + source.version;
  if (!source.location.empty()) text += " (" + source.location + ")";
  return Printable(text, 200);
}

std::string Rows(const ThreatGraph& graph, std::span<const NodeIndex> nodes) {
  std::size_t id_width = 2;
  std::size_t kind_width = 4;
  for (const NodeIndex node : nodes) {
    id_width = std::max(id_width, graph.node(node).id.size());
    kind_width = std::max(kind_width, Name(graph.node(node).kind).size());
  }
  std::string text = fmt::format("{:<{}}  {:<{}}  title\n", "id", id_width, "kind", kind_width);
  for (const NodeIndex node : nodes)
    text += fmt::format("{:<{}}  {:<{}}  {}\n", Printable(graph.node(node).id, 200), id_width,
                        Name(graph.node(node).kind), kind_width, TitleOf(graph.node(node)));
  return text;
}

}  // namespace

std::string WriteStatistics(const knowledge::GraphStatistics& statistics, AnswerFormat format) {
  if (format == AnswerFormat::kJson) {
    Json nodes = Json::object();
    for (std::size_t i = 0; i < kNodeKindNames.size(); ++i)
      if (statistics.nodes_by_kind[i] > 0) nodes[std::string(kNodeKindNames[i])] = statistics.nodes_by_kind[i];
    Json edges = Json::object();
    for (std::size_t i = 0; i < kEdgeKindNames.size(); ++i)
      if (statistics.edges_by_kind[i] > 0) edges[std::string(kEdgeKindNames[i])] = statistics.edges_by_kind[i];
    Json sources = Json::array();
    for (const auto& source : statistics.sources)
      sources.push_back(
          {{"name", source.name}, {"version", source.version}, {"nodes", source.nodes}, {"edges", source.edges}});
    return Answer({{"nodes", statistics.nodes},
                   {"edges", statistics.edges},
                   {"only_mentioned", statistics.mentioned},
                   {"components", statistics.components},
                   {"largest_component", statistics.largest_component},
                   {"nodes_by_kind", std::move(nodes)},
                   {"edges_by_kind", std::move(edges)},
                   {"sources", std::move(sources)}});
  }
  std::string text = fmt::format("{} nodes ({} only mentioned), {} edges, {} components, the largest of {} nodes\n\n",
                                 statistics.nodes, statistics.mentioned, statistics.edges, statistics.components,
                                 statistics.largest_component);
  for (std::size_t i = 0; i < kNodeKindNames.size(); ++i)
    if (statistics.nodes_by_kind[i] > 0)
      text += fmt::format("{:<24} {:>7}\n", kNodeKindNames[i], statistics.nodes_by_kind[i]);
  text += "\n";
  for (std::size_t i = 0; i < kEdgeKindNames.size(); ++i)
    if (statistics.edges_by_kind[i] > 0)
      text += fmt::format("{:<24} {:>7}\n", kEdgeKindNames[i], statistics.edges_by_kind[i]);
  text += "\n";
  for (const auto& source : statistics.sources)
    text += fmt::format("{}: {} nodes, {} edges\n", SourceText({source.name, source.version, ""}), source.nodes,
                        source.edges);
  return text;
}

std::string WriteNode(const ThreatGraph& graph, NodeIndex index, AnswerFormat format) {
  const Node& node = graph.node(index);
  if (format == AnswerFormat::kJson) {
    Json edges = Json::array();
    const auto add = [&](EdgeIndex at, std::string_view way, NodeIndex other) {
      const Edge& edge = graph.edge(at);
      edges.push_back({{"kind", Name(edge.kind)},
                       {"way", way},
                       {"other", Brief(graph, other)},
                       {"properties", Properties(edge.properties)},
                       {"sources", Sources(edge.sources)}});
    };
    for (const EdgeIndex edge : graph.EdgesFrom(index)) add(edge, "to", graph.edge(edge).to);
    for (const EdgeIndex edge : graph.EdgesTo(index)) add(edge, "from", graph.edge(edge).from);
    return Answer({{"id", node.id},
                   {"kind", Name(node.kind)},
                   {"title", node.title},
                   {"text", node.text},
                   {"only_mentioned", graph.OnlyMentioned(index)},
                   {"properties", Properties(node.properties)},
                   {"sources", Sources(node.sources)},
                   {"edges", std::move(edges)}});
  }
  std::string text =
      fmt::format("{}  ({})\n{}\n", Printable(node.id, 200), Name(node.kind), Printable(node.title, 200));
  if (graph.OnlyMentioned(index)) text += "named by others; no source at hand describes it\n";
  if (!node.text.empty()) text += fmt::format("\n{}\n", Printable(node.text, 4000));
  if (!node.properties.empty()) text += "\n";
  for (const knowledge::Property& property : node.properties)
    text += fmt::format("{}: {}\n", Printable(property.name, 80), Printable(property.value, 1000));
  text += "\n";
  for (const EdgeIndex at : graph.EdgesFrom(index)) {
    const Node& other = graph.node(graph.edge(at).to);
    text += fmt::format("{:<14} {}  {}\n", Name(graph.edge(at).kind), Printable(other.id, 200), TitleOf(other));
  }
  for (const EdgeIndex at : graph.EdgesTo(index)) {
    const Node& other = graph.node(graph.edge(at).from);
    text += fmt::format("{:<14} {}  {}\n", fmt::format("<- {}", Name(graph.edge(at).kind)), Printable(other.id, 200),
                        TitleOf(other));
  }
  for (const knowledge::Source& source : node.sources) text += fmt::format("source: {}\n", SourceText(source));
  return text;
}

std::string WriteNodes(const ThreatGraph& graph, std::span<const NodeIndex> nodes, AnswerFormat format) {
  if (format == AnswerFormat::kJson) return Answer({{"nodes", Briefs(graph, nodes)}});
  if (nodes.empty()) return "nothing found\n";
  return Rows(graph, nodes) + fmt::format("{} found\n", nodes.size());
}

std::string WriteNeighbors(const ThreatGraph& graph, std::span<const knowledge::Neighbor> neighbors,
                           AnswerFormat format) {
  if (format == AnswerFormat::kJson) {
    Json list = Json::array();
    for (const knowledge::Neighbor& neighbor : neighbors) {
      Json entry = Brief(graph, neighbor.node);
      entry["distance"] = neighbor.distance;
      entry["by"] = neighbor.by == knowledge::kNoIndex ? Json(nullptr) : Json(Name(graph.edge(neighbor.by).kind));
      list.push_back(std::move(entry));
    }
    return Answer({{"neighbors", std::move(list)}});
  }
  std::string text;
  for (const knowledge::Neighbor& neighbor : neighbors) {
    const Node& node = graph.node(neighbor.node);
    const std::string_view by =
        neighbor.by == knowledge::kNoIndex ? std::string_view() : Name(graph.edge(neighbor.by).kind);
    text += fmt::format("{} {:<14} {}  ({}) {}\n", neighbor.distance, by, Printable(node.id, 200), Name(node.kind),
                        TitleOf(node));
  }
  return text;
}

std::string WriteWalks(const ThreatGraph& graph, std::span<const knowledge::Walk> walks, AnswerFormat format) {
  Json list = Json::array();
  std::string text;
  for (const knowledge::Walk& walk : walks) {
    Json steps = Json::array();
    std::string line = Printable(graph.node(walk.nodes.front()).id, 200);
    for (std::size_t i = 0; i < walk.edges.size(); ++i) {
      const Edge& edge = graph.edge(walk.edges[i]);
      const bool along = edge.from == walk.nodes[i];
      steps.push_back({{"edge", Name(edge.kind)}, {"along", along}, {"node", Brief(graph, walk.nodes[i + 1])}});
      line += fmt::format("\n  {}-{}-{} {}", along ? "" : "<", Name(edge.kind), along ? ">" : "",
                          Printable(graph.node(walk.nodes[i + 1]).id, 200));
    }
    list.push_back({{"from", Brief(graph, walk.nodes.front())}, {"steps", std::move(steps)}});
    text += line + "\n";
  }
  if (format == AnswerFormat::kJson) return Answer({{"paths", std::move(list)}});
  return walks.empty() ? "no path joins them\n" : text;
}

std::string WriteGaps(const ThreatGraph& graph, const knowledge::Gaps& gaps, AnswerFormat format) {
  if (format == AnswerFormat::kJson) {
    Json techniques = Json::array();
    for (const auto& of_source : gaps.techniques)
      techniques.push_back({{"source", of_source.source},
                            {"techniques", of_source.all},
                            {"without_mitigation_as_written", of_source.unmitigated_as_written},
                            {"without_mitigation", Briefs(graph, of_source.unmitigated)}});
    return Answer({{"techniques", std::move(techniques)},
                   {"threats", gaps.threats},
                   {"threats_without_attack", Briefs(graph, gaps.threats_not_executable)},
                   {"families_without_defense", Briefs(graph, gaps.families_unanswered)}});
  }
  std::string text;
  for (const auto& of_source : gaps.techniques) {
    text += fmt::format("{}: {} of {} techniques have no mitigation", Printable(of_source.source, 80),
                        of_source.unmitigated.size(), of_source.all);
    if (of_source.unmitigated_as_written != of_source.unmitigated.size())
      text += fmt::format(" ({} as the file is written; the rest was recovered from its faults)",
                          of_source.unmitigated_as_written);
    text += "\n";
    if (!of_source.unmitigated.empty()) text += Rows(graph, of_source.unmitigated) + "\n";
  }
  text += fmt::format("{} of {} threats cannot be executed by an attack of Ringfort yet\n",
                      gaps.threats_not_executable.size(), gaps.threats);
  if (!gaps.threats_not_executable.empty()) text += Rows(graph, gaps.threats_not_executable) + "\n";
  text += fmt::format("{} families have no defense at all\n", gaps.families_unanswered.size());
  if (!gaps.families_unanswered.empty()) text += Rows(graph, gaps.families_unanswered);
  return text;
}

}  // namespace ringfort
