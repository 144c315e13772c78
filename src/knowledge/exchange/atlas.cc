#include <fmt/format.h>

#include "base/text.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

// What every object of ATLAS has.
Node CommonNode(const Document& object, NodeKind kind) {
  Node node;
  node.id = object.Text("id");
  node.kind = kind;
  node.title = Trimmed(object.Text("name"));
  const std::string_view summary = object.Text("summary");
  node.text = Trimmed(summary.empty() ? object.Text("description") : summary);
  Put(node.properties, "created", object.Text("created_date"));
  Put(node.properties, "modified", object.Text("modified_date"));
  if (const Document* const attack = object.Find("ATT&CK-reference")) {
    Put(node.properties, "attack_id", attack->Text("id"));
    Put(node.properties, "attack_url", attack->Text("url"));
  }
  for (const Document& reference : object.List("references"))
    PutReference(node.properties, reference.Text("title"), reference.Text("url"));
  return node;
}

class AtlasReader {
 public:
  explicit AtlasReader(ImportBuilder& builder) : builder_(builder) {}

  void ReadMatrix(const Document& matrix) {
    std::size_t order = 0;
    for (const Document& tactic : Objects(matrix, "tactics")) {
      Node node = CommonNode(tactic, NodeKind::kTactic);
      node.properties.push_back({"order", std::to_string(++order)});
      builder_.Add(tactic.line, std::move(node));
    }
    for (const Document& technique : Objects(matrix, "techniques")) ReadTechnique(technique);
    for (const Document& mitigation : Objects(matrix, "mitigations")) ReadMitigation(mitigation);
  }

  void ReadCaseStudies(const Document& document) {
    for (const Document& study : Objects(document, "case-studies")) ReadCaseStudy(study);
  }

 private:
  const std::vector<Document>& Objects(const Document& parent, std::string_view name) {
    if (const Document* const list = parent.Find(name); list != nullptr && !list->is_list())
      builder_.Warn(list->line, fmt::format("'{}' is no list", name));
    return parent.List(name);
  }

  void ReadTechnique(const Document& technique) {
    Node node = CommonNode(technique, NodeKind::kTechnique);
    Put(node.properties, "maturity", technique.Text("maturity"));
    const std::string id = node.id;
    if (!builder_.Add(technique.line, std::move(node))) return;
    for (const Document& tactic : Objects(technique, "tactics"))
      builder_.Add(Statement{.kind = EdgeKind::kAchieves,
                             .from = id,
                             .to = tactic.text,
                             .line = tactic.line,
                             .to_kind = NodeKind::kTactic});
    if (const Document* const parent = technique.Find("subtechnique-of"))
      builder_.Add(Statement{.kind = EdgeKind::kSpecializes,
                             .from = id,
                             .to = parent->text,
                             .line = parent->line,
                             .to_kind = NodeKind::kTechnique});
  }

  void ReadMitigation(const Document& mitigation) {
    Node node = CommonNode(mitigation, NodeKind::kMitigation);
    const std::string id = node.id;
    for (const Document& category : Objects(mitigation, "category")) Put(node.properties, "category", category.text);
    // Techniques that slipped into the list of lifecycle stages: what the file as it
    // stands does not state, but means.
    std::vector<const Document*> misplaced;
    for (const Document& stage : Objects(mitigation, "ml-lifecycle")) {
      if (stage.is_map())
        misplaced.push_back(&stage);
      else
        Put(node.properties, "lifecycle", stage.text);
    }
    if (!builder_.Add(mitigation.line, std::move(node))) return;
    for (const Document& technique : Objects(mitigation, "techniques")) Mitigates(id, technique, false);
    for (const Document* const technique : misplaced) {
      if (technique->Text("id").empty()) {
        builder_.Warn(technique->line,
                      fmt::format("a map without an id stands in 'ml-lifecycle' of '{}'", Printable(id, 120)));
        continue;
      }
      builder_.Warn(technique->line,
                    fmt::format("technique '{}' stands in 'ml-lifecycle' of '{}', where stages belong; taken as one of "
                                "its techniques",
                                Printable(technique->Text("id"), 120), Printable(id, 120)));
      Mitigates(id, *technique, true);
    }
  }

  void Mitigates(const std::string& mitigation, const Document& technique, bool recovered) {
    Statement statement{.kind = EdgeKind::kMitigates,
                        .from = mitigation,
                        .to = std::string(technique.is_map() ? technique.Text("id") : technique.text),
                        .line = technique.line,
                        .to_kind = NodeKind::kTechnique};
    Put(statement.properties, "use", Trimmed(technique.Text("use")));
    if (recovered) statement.properties.push_back({"recovered", "ml-lifecycle"});
    builder_.Add(std::move(statement));
  }

  void ReadCaseStudy(const Document& study) {
    Node node = CommonNode(study, NodeKind::kIncident);
    for (const std::string_view name :
         {"case-study-type", "incident-date", "incident-date-granularity", "target", "actor", "reporter"}) {
      std::string property(name);
      for (char& letter : property)
        if (letter == '-') letter = '_';
      Put(node.properties, property, Trimmed(study.Text(name)));
    }
    const std::string id = node.id;
    if (!builder_.Add(study.line, std::move(node))) return;
    std::size_t order = 0;
    std::string before;
    for (const Document& step : Objects(study, "procedure")) {
      ++order;
      std::string procedure = fmt::format("{}/{}", id, order);
      ReadStep(step, procedure, order);
      builder_.Add(Statement{.kind = EdgeKind::kHasStep,
                             .from = id,
                             .to = procedure,
                             .line = step.line,
                             .properties = {{"order", std::to_string(order)}}});
      if (!before.empty())
        builder_.Add(Statement{.kind = EdgeKind::kFollows, .from = procedure, .to = before, .line = step.line});
      before = std::move(procedure);
    }
  }

  void ReadStep(const Document& step, const std::string& id, std::size_t order) {
    Node node;
    node.id = id;
    node.kind = NodeKind::kProcedure;
    node.text = Trimmed(step.Text("description"));
    node.properties.push_back({"order", std::to_string(order)});
    const std::string tactic(step.Text("tactic"));
    const std::string technique(step.Text("technique"));
    const NodeIndex tactic_node = builder_.graph().Find(tactic);
    if (tactic_node == kNoIndex || builder_.graph().node(tactic_node).kind != NodeKind::kTactic)
      builder_.Warn(step.line, fmt::format("step {} of '{}' names no tactic of this file: '{}'", order,
                                           Printable(id, 120), Printable(tactic, 120)));
    else
      Put(node.properties, "tactic", tactic);
    if (const NodeIndex named = builder_.graph().Find(technique); named != kNoIndex)
      node.title = builder_.graph().node(named).title;
    builder_.Add(step.line, std::move(node));
    builder_.Add(Statement{
        .kind = EdgeKind::kUses, .from = id, .to = technique, .line = step.line, .to_kind = NodeKind::kTechnique});
  }

  ImportBuilder& builder_;
};

}  // namespace

bool LooksLikeAtlas(const Document& document) {
  const Document* const matrices = document.Find("matrices");
  return matrices != nullptr && matrices->is_list() && (document.Find("id") || document.Find("case-studies"));
}

Result<Import> ImportAtlas(const Document& document, std::string_view file_name) {
  if (!LooksLikeAtlas(document)) return NotThis(document, file_name, "not an ATLAS catalog: it has no 'matrices'");
  ImportBuilder builder(file_name, "MITRE ATLAS", Printable(document.Text("version"), 60));
  AtlasReader reader(builder);
  for (const Document& matrix : document.List("matrices")) reader.ReadMatrix(matrix);
  reader.ReadCaseStudies(document);
  return builder.Finish();
}

}  // namespace ringfort::knowledge
