#include <fmt/format.h>

#include <tuple>
#include <utility>

#include "base/text.h"
#include "knowledge/exchange/import_builder_internal.h"

namespace ringfort::knowledge {
namespace {

bool IsRecord(const Document& document) {
  return document.is_map() && (document.Text("data_type") == "AVID" ||
                               (document.Find("problemtype") != nullptr && document.Find("affects") != nullptr));
}

// Texts stand plain or, as in CVE's old format, under `value`.
std::string ValueOf(const Document* document) {
  if (document == nullptr) return {};
  return Trimmed(document->is_map() ? document->Text("value") : std::string_view(document->text));
}

std::string_view Stem(std::string_view file_name) {
  file_name.remove_prefix(file_name.find_last_of('/') + 1);
  return file_name.substr(0, file_name.find_last_of('.'));
}

// `S0502: Model theft` in its two parts.
std::pair<std::string, std::string> CodeAndName(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {Trimmed(text), {}};
  return {Trimmed(text.substr(0, colon)), Trimmed(text.substr(colon + 1))};
}

// The first id of this beginning in the text: `AML.CS`, `CVE-`.
std::string IdIn(std::string_view text, std::string_view beginning) {
  const std::size_t first = text.find(beginning);
  if (first == std::string_view::npos) return {};
  std::size_t end = first + beginning.size();
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '-')) ++end;
  return std::string(text.substr(first, end - first));
}

class AvidReader {
 public:
  AvidReader(ImportBuilder& builder, std::string_view file_name) : builder_(builder), stem_(Stem(file_name)) {}

  void Read(const Document& record) {
    static const Document kNone;
    const Document* const found_metadata = record.Find("metadata");
    const Document& metadata = found_metadata != nullptr ? *found_metadata : kNone;
    const Document* const found_impact = record.Find("impact");
    const Document& impact = found_impact != nullptr ? *found_impact : kNone;
    const Document* const found_avid = impact.Find("avid");
    const Document& avid = found_avid != nullptr ? *found_avid : kNone;

    Node node;
    std::string_view vulnerability = metadata.Text("vuln_id");
    if (vulnerability.empty() && metadata.Text("report_id").empty()) vulnerability = avid.Text("vuln_id");
    node.kind = vulnerability.empty() ? NodeKind::kReport : NodeKind::kVulnerability;
    node.id = Trimmed(vulnerability.empty() ? metadata.Text("report_id") : vulnerability);
    if (node.id.empty()) {
      node.id = unnamed_ == 0 ? fmt::format("avid.{}", Printable(stem_, 120))
                              : fmt::format("avid.{}.{}", Printable(stem_, 120), unnamed_);
      ++unnamed_;
      builder_.Warn(record.line, fmt::format("a record without an id; it is '{}' here", node.id));
    }
    const std::string id = node.id;
    node.text = ValueOf(record.Find("description"));
    Describe(record, impact, avid, node);
    if (!builder_.Add(record.line, std::move(node))) return;
    TieRecord(record, impact, avid, id);
  }

 private:
  static void Describe(const Document& record, const Document& impact, const Document& avid, Node& node) {
    if (const Document* const problem = record.Find("problemtype")) {
      node.title = ValueOf(problem->Find("description"));
      Put(node.properties, "class", problem->Text("classof"));
      Put(node.properties, "type", problem->Text("type"));
    }
    Put(node.properties, "data_version", record.Text("data_version"));
    const std::string_view published = record.Text("published_date");
    Put(node.properties, "created", published.empty() ? record.Text("reported_date") : published);
    Put(node.properties, "modified", record.Text("last_modified_date"));
    for (const Document& reference : record.List("references"))
      PutReference(node.properties, reference.Text("label"), reference.Text("url"));
    if (const Document* const affects = record.Find("affects")) {
      for (const Document& developer : affects->List("developer")) Put(node.properties, "developer", developer.text);
      for (const Document& deployer : affects->List("deployer")) Put(node.properties, "deployer", deployer.text);
    }
    for (const Document& domain : avid.List("risk_domain")) Put(node.properties, "risk_domain", domain.text);
    if (const Document* const cvss = impact.Find("cvss")) {
      Put(node.properties, "cvss_score", cvss->Text("baseScore"));
      Put(node.properties, "cvss_severity", cvss->Text("baseSeverity"));
      Put(node.properties, "cvss_vector", cvss->Text("vectorString"));
    }
  }

  void TieRecord(const Document& record, const Document& impact, const Document& avid, const std::string& id) {
    if (const Document* const affects = record.Find("affects")) {
      for (const Document& artifact : affects->List("artifacts")) {
        const std::string name = Trimmed(artifact.Text("name"));
        if (name.empty()) continue;
        Node node;
        node.id = "artifact." + Printable(name, 200);
        node.kind = NodeKind::kComponent;
        node.title = name;
        Put(node.properties, "type", artifact.Text("type"));
        TieTo(EdgeKind::kAffects, id, std::move(node), artifact.line);
      }
    }
    for (const Document& view : avid.List("sep_view")) {
      auto [code, name] = CodeAndName(view.text);
      TieTo(EdgeKind::kBelongsTo, id,
            Node{code, NodeKind::kCluster, std::move(name), "", {{"cluster", "avid_effect"}}, {}}, view.line);
    }
    for (const Document& view : avid.List("lifecycle_view")) {
      auto [code, name] = CodeAndName(view.text);
      TieTo(EdgeKind::kOccursIn, id, Node{"avid." + code, NodeKind::kStage, std::move(name), "", {}, {}}, view.line);
    }
    for (const Document& weakness : impact.List("cwe")) {
      const std::string code = Trimmed(weakness.Text("cweId"));
      if (code.empty()) continue;
      TieTo(EdgeKind::kExploits, id, Node{code, NodeKind::kWeakness, Trimmed(weakness.Text("description")), "", {}, {}},
            weakness.line);
    }
    for (const Document& reference : record.List("references")) {
      const std::string_view address = reference.Text("url");
      if (const std::string study = IdIn(address, "AML.CS"); !study.empty())
        TieOnce(EdgeKind::kCorrespondsTo, id, study, NodeKind::kIncident, reference.line);
      if (const std::string cve = IdIn(address, "CVE-"); IsCveId(cve))
        TieOnce(EdgeKind::kReportedIn, cve, id, NodeKind::kPublishedVulnerability, reference.line);
    }
    tied_.clear();
  }

  void TieTo(EdgeKind kind, const std::string& id, Node node, std::uint32_t line) {
    const std::string to = node.id;
    const NodeKind to_kind = node.kind;
    builder_.AddOnce(line, std::move(node));
    // An id that is no id was said already.
    if (builder_.graph().Find(to) != kNoIndex) TieOnce(kind, id, to, to_kind, line);
  }

  // A record may well name one thing under two of its members.
  void TieOnce(EdgeKind kind, std::string from, std::string to, NodeKind other, std::uint32_t line) {
    for (const auto& [known_kind, known_from, known_to] : tied_)
      if (known_kind == kind && known_from == from && known_to == to) return;
    if (tied_.size() < 64) tied_.emplace_back(kind, from, to);
    builder_.Add(
        Statement{.kind = kind, .from = std::move(from), .to = std::move(to), .line = line, .may_mention = other});
  }

  ImportBuilder& builder_;
  std::string_view stem_;
  std::size_t unnamed_ = 0;
  std::vector<std::tuple<EdgeKind, std::string, std::string>> tied_{};
};

}  // namespace

bool LooksLikeAvid(const Document& document) {
  if (!document.is_list()) return IsRecord(document);
  for (const Document& item : document.items)
    if (IsRecord(item)) return true;
  return false;
}

Result<Import> ImportAvid(const Document& document, std::string_view file_name) {
  if (!LooksLikeAvid(document)) return NotThis(document, file_name, "no AVID record and no list of them");
  ImportBuilder builder(file_name, "AVID", "");
  AvidReader reader(builder, file_name);
  if (!document.is_list()) {
    reader.Read(document);
    return builder.Finish();
  }
  for (const Document& record : document.items) {
    if (IsRecord(record))
      reader.Read(record);
    else
      builder.Warn(record.line, "an item that is no AVID record is left out");
  }
  return builder.Finish();
}

}  // namespace ringfort::knowledge
