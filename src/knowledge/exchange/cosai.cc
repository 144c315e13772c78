#include <fmt/format.h>

#include <array>
#include <set>
#include <utility>

#include "base/text.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

struct Section {
  std::string_view name;    // of the list in its file
  std::string_view prefix;  // before an id that is a plain word
  NodeKind kind;
};
constexpr std::array<Section, 8> kSections = {{{"components", "", NodeKind::kComponent},
                                               {"risks", "", NodeKind::kRisk},
                                               {"controls", "", NodeKind::kMitigation},
                                               {"personas", "", NodeKind::kPersona},
                                               {"lifecycleStages", "cosai.stage.", NodeKind::kStage},
                                               {"actorAccessLevels", "cosai.access.", NodeKind::kCluster},
                                               {"impactTypes", "cosai.impact.", NodeKind::kCluster},
                                               {"frameworks", "cosai.framework.", NodeKind::kReport}}};

bool IsSection(const Document& document, const Section& section) {
  const std::vector<Document>& entries = document.List(section.name);
  return !entries.empty() && !entries.front().Text("id").empty() &&
         (!entries.front().Text("title").empty() || !entries.front().Text("fullName").empty());
}

// Descriptions are lists of paragraphs; a list among them is a list of points.
void AppendParagraphs(std::string& text, const Document& value, bool point) {
  if (!value.is_list()) {
    const std::string paragraph = Trimmed(value.text);
    if (paragraph.empty()) return;
    if (!text.empty()) text += point ? "\n" : "\n\n";
    if (point) text += "- ";
    text += paragraph;
    return;
  }
  for (const Document& item : value.items) AppendParagraphs(text, item, point || item.is_list());
}

std::string Paragraphs(const Document& object, std::string_view member) {
  std::string text;
  if (const Document* const value = object.Find(member)) AppendParagraphs(text, *value, false);
  return text;
}

class CosaiReader {
 public:
  explicit CosaiReader(ImportBuilder& builder) : builder_(builder) {}

  void Read(const Section& section, const std::vector<Document>& entries) {
    for (const Document& entry : entries) ReadEntry(section, entry);
    if (section.kind == NodeKind::kComponent) TieComponents();
  }

 private:
  void ReadEntry(const Section& section, const Document& entry) {
    Node node;
    node.id = std::string(section.prefix) + std::string(entry.Text("id"));
    if (entry.Text("id").empty()) node.id.clear();
    node.kind = section.kind;
    node.title = Trimmed(entry.Text("title"));
    if (node.title.empty()) node.title = Trimmed(entry.Text("fullName"));
    node.text = Paragraphs(entry, "longDescription");
    if (node.text.empty()) node.text = Paragraphs(entry, "description");
    if (section.kind == NodeKind::kCluster)
      Put(node.properties, "cluster", section.name == "impactTypes" ? "impact" : "actor_access");
    Put(node.properties, "summary", Paragraphs(entry, "shortDescription"));
    for (const std::string_view name : {"category", "subcategory", "order", "deprecated", "version", "baseUri"})
      Put(node.properties, LowerCase(name), entry.Text(name));
    for (const Document& duty : entry.List("responsibilities"))
      Put(node.properties, "responsibility", Trimmed(duty.text));
    for (const Document& example : entry.List("examples")) Put(node.properties, "example", Trimmed(example.text));
    for (const Document& reference : entry.List("externalReferences"))
      PutReference(node.properties, reference.Text("title"), reference.Text("url"));
    // `all` and `none` instead of a list.
    for (const std::string_view name : {"components", "risks"}) Put(node.properties, name, entry.Text(name));
    std::vector<std::pair<std::string, const Document*>> ties;
    if (const Document* const mappings = entry.Find("mappings")) {
      for (const Document& framework : mappings->items)
        for (const Document& mapped : framework.items) {
          if (framework.name == "mitre-atlas" || framework.name == "owasp-top10-llm")
            ties.emplace_back(mapped.text.substr(0, mapped.text.find('@')), &mapped);
          else
            Put(node.properties, framework.name, mapped.text);
        }
    }
    const std::string id = node.id;
    if (!builder_.Add(entry.line, std::move(node))) return;
    for (auto& [other, mapped] : ties) Correspond(id, std::move(other), *mapped);
    TieEntry(section, entry, id);
    if (const Document* const edges = entry.Find("edges"); edges != nullptr && section.kind == NodeKind::kComponent) {
      for (const Document& to : edges->List("to")) flows_to_.push_back({id, to.text, to.line});
      for (const Document& from : edges->List("from")) flows_from_.push_back({from.text, id, from.line});
    }
  }

  void TieEntry(const Section& section, const Document& entry, const std::string& id) {
    const bool risk = section.kind == NodeKind::kRisk;
    if (!risk && section.kind != NodeKind::kMitigation) return;
    for (const Document& persona : entry.List("personas")) {
      if (risk)
        Tie(EdgeKind::kAffects, id, persona.text, persona, NodeKind::kPersona);
      else
        Tie(EdgeKind::kAnswers, persona.text, id, persona, NodeKind::kPersona);
    }
    if (risk)
      for (const Document& control : entry.List("controls"))
        Tie(EdgeKind::kMitigates, control.text, id, control, NodeKind::kMitigation);
    else
      for (const Document& answered : entry.List("risks"))
        Tie(EdgeKind::kMitigates, id, answered.text, answered, NodeKind::kRisk);
    for (const Document& component : entry.List("components"))
      Tie(EdgeKind::kAffects, id, component.text, component, NodeKind::kComponent);
    for (const Document& stage : entry.List("lifecycleStage"))
      Tie(EdgeKind::kOccursIn, id, "cosai.stage." + stage.text, stage, NodeKind::kStage);
    for (const Document& access : entry.List("actorAccess"))
      Tie(EdgeKind::kBelongsTo, id, "cosai.access." + access.text, access, NodeKind::kCluster);
    for (const Document& impact : entry.List("impactType"))
      Tie(EdgeKind::kBelongsTo, id, "cosai.impact." + impact.text, impact, NodeKind::kCluster);
  }

  void Tie(EdgeKind kind, std::string from, std::string to, const Document& at, NodeKind other) {
    builder_.Add(
        Statement{.kind = kind, .from = std::move(from), .to = std::move(to), .line = at.line, .may_mention = other});
  }

  // `AML.T0020@5.0.1`, `LLM04:2025`
  void Correspond(const std::string& id, std::string other, const Document& mapped) {
    NodeKind kind = NodeKind::kRisk;
    if (other.starts_with("AML.T")) kind = other.starts_with("AML.TA") ? NodeKind::kTactic : NodeKind::kTechnique;
    if (other.starts_with("AML.M")) kind = NodeKind::kMitigation;
    Statement statement{
        .kind = EdgeKind::kCorrespondsTo, .from = id, .to = std::move(other), .line = mapped.line, .may_mention = kind};
    if (const std::size_t at = mapped.text.find('@'); at != std::string::npos)
      Put(statement.properties, "version", std::string_view(mapped.text).substr(at + 1));
    builder_.Add(std::move(statement));
  }

  // What flows from A to B stands with both; B depends on A.
  void TieComponents() {
    std::set<std::pair<std::string, std::string>> to;
    std::set<std::pair<std::string, std::string>> from;
    for (const Flow& flow : flows_to_) to.emplace(flow.from, flow.to);
    for (const Flow& flow : flows_from_) from.emplace(flow.from, flow.to);
    for (const Flow& flow : flows_to_) {
      if (from.count({flow.from, flow.to}) == 0) OneSided(flow, flow.to, "from");
      builder_.Add(Statement{.kind = EdgeKind::kDependsOn,
                             .from = flow.to,
                             .to = flow.from,
                             .line = flow.line,
                             .from_kind = NodeKind::kComponent,
                             .to_kind = NodeKind::kComponent});
    }
    for (const Flow& flow : flows_from_) {
      if (to.count({flow.from, flow.to}) != 0) continue;
      OneSided(flow, flow.from, "to");
      builder_.Add(Statement{.kind = EdgeKind::kDependsOn,
                             .from = flow.to,
                             .to = flow.from,
                             .line = flow.line,
                             .from_kind = NodeKind::kComponent,
                             .to_kind = NodeKind::kComponent});
    }
  }

  struct Flow {
    std::string from{};
    std::string to{};
    std::uint32_t line = 0;
  };

  void OneSided(const Flow& flow, std::string_view silent, std::string_view member) {
    builder_.Warn(flow.line,
                  fmt::format("the edge from '{}' to '{}' does not stand under '{}' of '{}'", Printable(flow.from, 120),
                              Printable(flow.to, 120), member, Printable(silent, 120)));
  }

  ImportBuilder& builder_;
  std::vector<Flow> flows_to_{};
  std::vector<Flow> flows_from_{};
};

}  // namespace

bool LooksLikeCosai(const Document& document) {
  for (const Section& section : kSections)
    if (IsSection(document, section)) return true;
  return false;
}

Result<Import> ImportCosai(const Document& document, std::string_view file_name) {
  if (!LooksLikeCosai(document))
    return NotThis(document, file_name,
                   "not a file of the CoSAI risk map: it lists no components, risks, controls, "
                   "personas, stages, access levels, impacts or frameworks");
  ImportBuilder builder(file_name, "CoSAI Risk Map", "");
  CosaiReader reader(builder);
  for (const Section& section : kSections)
    if (IsSection(document, section)) reader.Read(section, document.List(section.name));
  return builder.Finish();
}

}  // namespace ringfort::knowledge
