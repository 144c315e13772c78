#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "knowledge/exchange/export.h"
#include "knowledge/exchange/export_marks_internal.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

constexpr std::string_view kFormat = "ringfort.graph/1";

void PutText(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

class GraphReader {
 public:
  explicit GraphReader(ImportBuilder& builder) : builder_(builder) {}

  void ReadNode(const Document& object) {
    const std::optional<NodeKind> kind = NodeKindFromName(object.Text("kind"));
    if (!kind) return NoKind(object, "node");
    if (object.Text("mentioned") == "true") return builder_.Mention(object.line, object.Text("id"), *kind);
    Node node;
    node.id = object.Text("id");
    node.kind = *kind;
    node.title = object.Text("title");
    node.text = object.Text("text");
    node.properties = builder_.PropertiesOf(object);
    node.sources = builder_.SourcesOf(object);
    builder_.Add(object.line, std::move(node));
  }

  void ReadEdge(const Document& object) {
    const std::optional<EdgeKind> kind = EdgeKindFromName(object.Text("kind"));
    if (!kind) return NoKind(object, "edge");
    builder_.Add(Statement{.kind = *kind,
                           .from = std::string(object.Text("from")),
                           .to = std::string(object.Text("to")),
                           .line = object.line,
                           .properties = builder_.PropertiesOf(object),
                           .sources = builder_.SourcesOf(object)});
  }

 private:
  void NoKind(const Document& object, std::string_view what) {
    builder_.Warn(object.line,
                  fmt::format("'{}' is no kind of {}; it is left out", Printable(object.Text("kind"), 60), what));
  }

  ImportBuilder& builder_;
};

}  // namespace

std::string ExportGraph(const ThreatGraph& graph) {
  std::string nodes;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.node(i);
    Json object = {{"id", node.id}, {"kind", Name(node.kind)}};
    PutText(object, "title", node.title);
    PutText(object, "text", node.text);
    if (graph.OnlyMentioned(i)) object["mentioned"] = true;
    PutMarks(object, node.properties, node.sources);
    AppendLine(nodes, object);
  }
  std::string edges;
  for (const Edge& edge : graph.edges()) {
    Json object = {{"kind", Name(edge.kind)}, {"from", graph.node(edge.from).id}, {"to", graph.node(edge.to).id}};
    PutMarks(object, edge.properties, edge.sources);
    AppendLine(edges, object);
  }
  return fmt::format("{{\"format\":\"{}\",\"nodes\":[\n{}\n],\"edges\":[\n{}\n]}}\n", kFormat, nodes, edges);
}

bool LooksLikeGraph(const Document& document) { return document.Text("format").starts_with("ringfort.graph/"); }

Result<Import> ImportGraph(const Document& document, std::string_view file_name) {
  if (document.Text("format") != kFormat)
    return NotThis(document, file_name, fmt::format("not a graph: its 'format' is not '{}'", kFormat));
  ImportBuilder builder(file_name, "ringfort.graph", "1");
  GraphReader reader(builder);
  for (const std::string_view name : {"nodes", "edges"})
    if (const Document* const list = document.Find(name); list == nullptr || !list->is_list())
      builder.Warn(list == nullptr ? document.line : list->line, fmt::format("there is no list '{}'", name));
  for (const Document& node : document.List("nodes")) reader.ReadNode(node);
  for (const Document& edge : document.List("edges")) reader.ReadEdge(edge);
  return builder.Finish();
}

}  // namespace ringfort::knowledge
