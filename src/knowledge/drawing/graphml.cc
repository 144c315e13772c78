#include <fmt/format.h>

#include "base/text.h"
#include "knowledge/drawing/drawing.h"

namespace ringfort::knowledge {
namespace {

// XML 1.0 has no way to write most control characters; they become blanks.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return IsValidUtf8(escaped) ? escaped : Printable(escaped, escaped.size());
}

}  // namespace

std::string WriteGraphMl(const ThreatGraph& graph) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "  <key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n"
      "  <key id=\"title\" for=\"node\" attr.name=\"title\" attr.type=\"string\"/>\n"
      "  <key id=\"text\" for=\"node\" attr.name=\"text\" attr.type=\"string\"/>\n"
      "  <key id=\"edge_kind\" for=\"edge\" attr.name=\"kind\" attr.type=\"string\"/>\n"
      "  <graph id=\"threats\" edgedefault=\"directed\">\n";
  for (const Node& node : graph.nodes())
    text += fmt::format(
        "    <node id=\"{}\"><data key=\"kind\">{}</data><data key=\"title\">{}</data><data "
        "key=\"text\">{}</data></node>\n",
        Escaped(node.id), Name(node.kind), Escaped(node.title), Escaped(node.text));
  for (const Edge& edge : graph.edges())
    text += fmt::format("    <edge source=\"{}\" target=\"{}\"><data key=\"edge_kind\">{}</data></edge>\n",
                        Escaped(graph.node(edge.from).id), Escaped(graph.node(edge.to).id), Name(edge.kind));
  return text + "  </graph>\n</graphml>\n";
}

}  // namespace ringfort::knowledge
