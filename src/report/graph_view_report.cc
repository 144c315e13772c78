#include "report/graph_view_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/json_text_internal.h"

namespace ringfort {
namespace {

using knowledge::ShapeDefinition;
using knowledge::ShapeEdge;
using knowledge::ShapeNode;
using knowledge::ViewCounts;

constexpr std::string_view kCut =
    "Some derived edges are missing: a node joins so much to so much that their number was cut.";

std::string EdgeWords(const ShapeEdge& edge) {
  return fmt::format("{} -{}-> {}", Name(edge.from), Name(edge.kind), Name(edge.to));
}

std::string Published(const std::optional<std::uint64_t>& count) { return count ? fmt::format("{}", *count) : "-"; }

Json PublishedJson(std::string_view name, const std::optional<std::uint64_t>& count) {
  if (name.empty()) return nullptr;
  return {{"name", name}, {"count", count ? Json(*count) : Json(nullptr)}};
}

std::string WriteJson(const ViewCounts& counts, const knowledge::View& view, knowledge::Shape shape) {
  const ShapeDefinition& definition = DefinitionOf(shape);
  Json nodes = Json::array();
  for (std::size_t i = 0; i < definition.nodes.size(); ++i) {
    const ShapeNode& node = definition.nodes[i];
    nodes.push_back({{"kind", Name(node.kind)},
                     {"nodes", counts.nodes[i]},
                     {"published", PublishedJson(node.published_name, node.published)},
                     {"note", node.note}});
  }
  Json edges = Json::array();
  for (std::size_t i = 0; i < definition.edges.size(); ++i) {
    const ShapeEdge& edge = definition.edges[i];
    edges.push_back({{"from", Name(edge.from)},
                     {"kind", Name(edge.kind)},
                     {"to", Name(edge.to)},
                     {"edges", counts.edges[i].all},
                     {"as_published", counts.edges[i].as_published},
                     {"derived", counts.edges[i].derived},
                     {"published", PublishedJson(edge.published_name, edge.published)},
                     {"note", edge.note}});
  }
  return JsonText({{"schema", "ringfort.graph_answer/1"},
                   {"view", Name(shape)},
                   {"published_shape", fmt::format("arXiv:2512.23132, {}", definition.published_name)},
                   {"nodes", view.graph.nodes().size()},
                   {"edges", view.graph.edges().size()},
                   {"cut", view.cut},
                   {"nodes_by_kind", std::move(nodes)},
                   {"edges_by_kind", std::move(edges)},
                   {"remark", definition.remark}});
}

}  // namespace

std::string WriteViewCounts(const knowledge::View& view, knowledge::Shape shape, AnswerFormat format) {
  const ShapeDefinition& definition = DefinitionOf(shape);
  const ViewCounts counts = CountsOf(view.graph, shape);
  if (format == AnswerFormat::kJson) return WriteJson(counts, view, shape);
  std::size_t width = 0;
  for (const ShapeEdge& edge : definition.edges) width = std::max(width, EdgeWords(edge).size());
  std::string text = fmt::format("{}: {} nodes, {} edges\nafter arXiv:2512.23132, {}\n\n", Name(shape),
                                 view.graph.nodes().size(), view.graph.edges().size(), definition.published_name);
  const auto line = [&](std::string_view what, const std::string& ours, const std::string& same,
                        const std::string& derived, const std::string& published, std::string_view note) {
    text += fmt::format("{:<{}}  {:>6}  {:>12}  {:>7}  {:>9}  {}", what, width, ours, same, derived, published, note);
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  };
  line("nodes", "ours", "", "", "published", "");
  for (std::size_t i = 0; i < definition.nodes.size(); ++i) {
    const ShapeNode& node = definition.nodes[i];
    line(Name(node.kind), fmt::format("{}", counts.nodes[i]), "", "", Published(node.published), node.note);
  }
  text += "\n";
  line("edges", "ours", "as published", "derived", "published", "");
  for (std::size_t i = 0; i < definition.edges.size(); ++i) {
    const ShapeEdge& edge = definition.edges[i];
    const ViewCounts::Edges& count = counts.edges[i];
    line(EdgeWords(edge), fmt::format("{}", count.all), fmt::format("{}", count.as_published),
         fmt::format("{}", count.derived), Published(edge.published), edge.note);
  }
  text += fmt::format("\n{}\n", definition.remark);
  if (view.cut) text += fmt::format("{}\n", kCut);
  return text;
}

}  // namespace ringfort
