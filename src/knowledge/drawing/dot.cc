#include <fmt/format.h>

#include "knowledge/drawing/drawing.h"

namespace ringfort::knowledge {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + "\"";
}

// By NodeKind; twenty hues round the wheel, pale enough for black text.
std::string ColorOf(NodeKind kind) {
  return fmt::format("{:.3f} 0.25 0.95", static_cast<double>(kind) / static_cast<double>(kNodeKindNames.size()));
}

}  // namespace

std::string WriteDot(const ThreatGraph& graph) {
  std::string text = "digraph threats {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\"];\n";
  for (const Node& node : graph.nodes())
    text += fmt::format("  {} [label={}, tooltip={}, fillcolor=\"{}\"];\n", Quoted(node.id),
                        Quoted(node.title.empty() ? node.id : node.title), Quoted(Name(node.kind)), ColorOf(node.kind));
  for (const Edge& edge : graph.edges())
    text += fmt::format("  {} -> {} [label={}];\n", Quoted(graph.node(edge.from).id), Quoted(graph.node(edge.to).id),
                        Quoted(Name(edge.kind)));
  return text + "}\n";
}

}  // namespace ringfort::knowledge
