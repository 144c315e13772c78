#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "knowledge/exchange/import_builder_internal.h"
#include "knowledge/exchange/stix_internal.h"

namespace ringfort::knowledge {
namespace {

// Say nothing of threats.
bool IsPassedOver(std::string_view type) {
  return type == "marking-definition" || type == "extension-definition" || type == "language-content" ||
         type == "x-mitre-matrix" || type == "x-mitre-collection";
}

std::string Shown(std::string_view text) { return Printable(text, 120); }

// Midnight is how a date without a time is written.
std::string DateOf(std::string_view time) {
  const std::size_t midnight = time.find("T00:00:00");
  const bool date = midnight == 10 && time.substr(19).find_first_not_of(".0Z") == std::string_view::npos;
  return std::string(date ? time.substr(0, 10) : time);
}

const Document* ExtensionOf(const Document& object) {
  const Document* const extensions = object.Find("extensions");
  const Document* const ours = extensions == nullptr ? nullptr : extensions->Find(kStixExtension);
  return ours != nullptr && ours->is_map() ? ours : nullptr;
}

class StixReader {
 public:
  explicit StixReader(ImportBuilder& builder) : builder_(builder) {}

  void Read(const std::vector<Document>& objects) {
    for (const Document& object : objects) {
      const std::string_view type = object.Text("type");
      if (type.empty())
        builder_.Warn(object.line, "an object without a type is left out");
      else if (type != "relationship" && !IsPassedOver(type) && object.Text("id") != kStixProducer)
        ReadNode(object, type);
    }
    for (const auto& [object, id] : foreign_) {
      ReadPhases(*object, id);
      ReadShown(*object, id);
    }
    for (const Document& object : objects)
      if (object.Text("type") == "relationship") ReadRelationship(object);
    SayReusedIds();
  }

 private:
  void ReadNode(const Document& object, std::string_view type) {
    const std::string stix_id(object.Text("id"));
    if (!IsStixId(stix_id, type)) {
      builder_.Warn(object.line, fmt::format("'{}' is no id of an object of type '{}'; it is left out", Shown(stix_id),
                                             Shown(type)));
      return;
    }
    if (const auto known = node_of_.find(stix_id); known != node_of_.end()) {
      builder_.Warn(object.line, fmt::format("the id '{}' was used before; this object is left out", stix_id));
      return;
    }
    const Document* const extension = ExtensionOf(object);
    Node node;
    if (extension != nullptr && ReadOurs(object, *extension, node)) {
      const std::string id = node.id;
      if (extension->Text("mentioned") == "true")
        builder_.Mention(object.line, id, node.kind);
      else
        builder_.Add(object.line, std::move(node));
      if (builder_.graph().Find(id) != kNoIndex) node_of_.emplace(stix_id, id);
      return;
    }
    ReadForeign(object, type, node);
    if (builder_.graph().Find(node.id) != kNoIndex) {
      builder_.Warn(object.line, fmt::format("'{}' names an object that stands here already; this one is '{}'",
                                             Shown(node.id), stix_id));
      node.id = stix_id;
    }
    const std::string id = node.id;
    if (node.kind == NodeKind::kTactic)
      if (const std::string_view name = object.Text("x_mitre_shortname"); !name.empty())
        tactic_of_.emplace(std::string(name), id);
    if (!builder_.Add(object.line, std::move(node))) return;
    node_of_.emplace(stix_id, id);
    foreign_.emplace_back(&object, id);
  }

  // What ExportStix wrote.
  bool ReadOurs(const Document& object, const Document& extension, Node& node) {
    const std::optional<NodeKind> kind = NodeKindFromName(extension.Text("graph_kind"));
    if (!kind || extension.Text("graph_id").empty()) {
      builder_.Warn(object.line, fmt::format("the extension of '{}' names no kind of node, or no id; passed over",
                                             Shown(object.Text("id"))));
      return false;
    }
    node.id = extension.Text("graph_id");
    node.kind = *kind;
    if (extension.Find("title") == nullptr) node.title = object.Text("name");
    node.text = object.Text("description");
    node.properties = builder_.PropertiesOf(extension);
    node.sources = builder_.SourcesOf(extension);
    return true;
  }

  void ReadForeign(const Document& object, std::string_view type, Node& node) {
    node.id = NameOf(object);
    node.title = Trimmed(object.Text("name"));
    node.text = Trimmed(object.Text("description"));
    const auto known =
        std::find_if(kStixKinds.begin(), kStixKinds.end(), [&](const StixKind& entry) { return entry.type == type; });
    node.kind = known == kStixKinds.end() ? NodeKind::kReport : known->kind;
    if (known == kStixKinds.end() && type != "report" && type != "note" && type != "opinion" && type != "grouping")
      builder_.Warn(object.line, fmt::format("'{}' is an object of type '{}', of which nothing is known; kept as a "
                                             "report",
                                             Shown(object.Text("id")), Shown(type)));
    if (IsCveId(node.id)) node.kind = NodeKind::kPublishedVulnerability;
    const auto written = std::find_if(kStixKinds.begin(), kStixKinds.end(),
                                      [&](const StixKind& entry) { return entry.kind == node.kind; });
    if (written == kStixKinds.end() || written->type != type || type == "indicator")
      Put(node.properties, "stix_type", type);
    for (const std::string_view name : {"created", "modified"}) {
      const std::string_view time = object.Text(name);
      if (IsStixTime(time))
        Put(node.properties, name, DateOf(time));
      else
        builder_.Warn(object.line, fmt::format("'{}' of '{}' is no time: '{}'", name, Shown(object.Text("id")),
                                               Printable(time, 60)));
    }
    for (const std::string_view name : {"revoked", "x_mitre_deprecated"})
      if (object.Text(name) == "true") node.properties.push_back({"revoked", "true"});
    for (const std::string_view name : {"pattern", "pattern_type", "valid_from", "is_family"})
      Put(node.properties, name, object.Text(name));
    Put(node.properties, "shortname", object.Text("x_mitre_shortname"));
    for (const std::string_view name : {"aliases", "x_mitre_aliases"})
      for (const Document& alias : object.List(name)) Put(node.properties, "alias", alias.text);
    for (const Document& reference : object.List("external_references")) {
      if (reference.Text("external_id") == node.id) {
        Put(node.properties, "url", reference.Text("url"));
        continue;
      }
      const std::string_view title = reference.Text("description");
      PutReference(node.properties, title.empty() ? reference.Text("source_name") : title, reference.Text("url"));
    }
  }

  static std::string NameOf(const Document& object) {
    for (const Document& reference : object.List("external_references")) {
      const std::string_view source = reference.Text("source_name");
      const std::string_view id = reference.Text("external_id");
      if (!id.empty() && id.size() <= 256 && (source.starts_with("mitre") || (source == "cve" && IsCveId(id))))
        return std::string(id);
    }
    return std::string(object.Text("id"));
  }

  void ReadPhases(const Document& object, const std::string& id) {
    for (const Document& phase : object.List("kill_chain_phases")) {
      const std::string name(phase.Text("phase_name"));
      if (name.empty()) {
        builder_.Warn(phase.line, fmt::format("a phase of '{}' has no name", Shown(id)));
        continue;
      }
      auto tactic = tactic_of_.find(name);
      if (tactic == tactic_of_.end()) {
        Node node;
        node.id = fmt::format("{}/{}", phase.Text("kill_chain_name"), name);
        node.kind = NodeKind::kTactic;
        node.title = name;
        node.properties = {{"shortname", name}};
        tactic = tactic_of_.emplace(name, node.id).first;
        builder_.AddOnce(phase.line, std::move(node));
      }
      builder_.Add(Statement{.kind = EdgeKind::kAchieves,
                             .from = id,
                             .to = tactic->second,
                             .line = phase.line,
                             .to_kind = NodeKind::kTactic});
    }
  }

  // What a report, a note or an opinion is about.
  void ReadShown(const Document& object, const std::string& id) {
    for (const Document& shown : object.List("object_refs")) {
      const auto known = node_of_.find(shown.text);
      // Relationships may be among them: no nodes here.
      if (known == node_of_.end() && shown.text.starts_with("relationship--")) continue;
      builder_.Add(Statement{.kind = EdgeKind::kEvidenceOf, .from = id, .to = NodeOf(shown.text), .line = shown.line});
    }
  }

  void ReadRelationship(const Document& object) {
    const std::string id(object.Text("id"));
    if (!IsStixId(id, "relationship"))
      builder_.Warn(object.line, fmt::format("'{}' is no id of a relationship", Shown(id)));
    const std::string type(object.Text("relationship_type"));
    const std::string from(object.Text("source_ref"));
    const std::string to(object.Text("target_ref"));
    Statement statement{.from = NodeOf(from), .to = NodeOf(to), .line = object.line};
    const Document* const extension = ExtensionOf(object);
    const std::optional<EdgeKind> ours =
        extension == nullptr ? std::nullopt : EdgeKindFromName(extension->Text("graph_kind"));
    if (ours) {
      statement.kind = *ours;
      statement.properties = builder_.PropertiesOf(*extension);
      statement.sources = builder_.SourcesOf(*extension);
    } else {
      statement.kind = KindOf(object, type, statement.properties);
      Put(statement.properties, "use", Trimmed(object.Text("description")));
    }
    const auto [place, fresh] = uses_of_.try_emplace(id, uses_.size());
    if (fresh) uses_.push_back({id, {}, 0, 0, false});
    Uses& uses = uses_[place->second];
    std::string ends = fmt::format("{} {} {}", statement.from, type, statement.to);
    if (++uses.count == 1) {
      uses.ends.push_back(std::move(ends));
    } else {
      if (uses.count == 2) uses.line = object.line;
      uses.differ = uses.differ || ends != uses.ends.front();
      if (uses.ends.size() < 8) uses.ends.push_back(std::move(ends));
    }
    builder_.Add(std::move(statement));
  }

  EdgeKind KindOf(const Document& object, const std::string& type, std::vector<Property>& properties) {
    std::string name = type;
    std::replace(name.begin(), name.end(), '-', '_');
    if (const std::optional<EdgeKind> kind = EdgeKindFromName(name)) return *kind;
    for (const StixRelationship& known : kStixRelationships) {
      if (known.type != type) continue;
      if (type != "subtechnique-of") Put(properties, "relationship_type", type);
      return known.kind;
    }
    builder_.Warn(object.line, fmt::format("'{}' is a relationship of type '{}', of which nothing is known; kept as "
                                           "corresponds_to",
                                           Shown(object.Text("id")), Shown(type)));
    Put(properties, "relationship_type", type);
    return EdgeKind::kCorrespondsTo;
  }

  // Ids of objects that are not there stay as they are and are said when edges are made.
  std::string NodeOf(const std::string& stix_id) const {
    const auto known = node_of_.find(stix_id);
    return known == node_of_.end() ? stix_id : known->second;
  }

  void SayReusedIds() {
    for (const Uses& uses : uses_) {
      if (!uses.differ) continue;
      std::string all;
      for (const std::string& ends : uses.ends) all += fmt::format("{}{}", all.empty() ? "" : "; ", Shown(ends));
      if (uses.count > uses.ends.size()) all += "; ...";
      builder_.Warn(uses.line, fmt::format("the id '{}' stands for {} relationships with different ends, all kept: {}",
                                           Shown(uses.id), uses.count, all));
    }
  }

  // What a relationship id was used for.
  struct Uses {
    std::string id{};
    std::vector<std::string> ends{};  // the first few
    std::size_t count = 0;
    std::uint32_t line = 0;  // of the second
    bool differ = false;
  };

  ImportBuilder& builder_;
  std::unordered_map<std::string, std::string> node_of_{};          // by STIX id
  std::unordered_map<std::string, std::string> tactic_of_{};        // by short name
  std::vector<std::pair<const Document*, std::string>> foreign_{};  // what others wrote, and its node
  std::unordered_map<std::string, std::size_t> uses_of_{};
  std::vector<Uses> uses_{};
};

}  // namespace

bool LooksLikeStix(const Document& document) { return document.Text("type") == "bundle" && document.Find("objects"); }

Result<Import> ImportStix(const Document& document, std::string_view file_name) {
  if (!LooksLikeStix(document))
    return NotThis(document, file_name, "not a STIX bundle: no object of type 'bundle' with 'objects'");
  std::string name = "STIX";
  std::string version = "2.1";
  for (const Document& object : document.List("objects")) {
    if (object.Text("type") != "x-mitre-collection") continue;
    name = "STIX " + Printable(object.Text("name"), 60);
    version = Printable(object.Text("x_mitre_version"), 60);
    break;
  }
  ImportBuilder builder(file_name, name, version);
  if (!document.Find("objects")->is_list()) builder.Warn(document.Find("objects")->line, "'objects' is no list");
  StixReader reader(builder);
  reader.Read(document.List("objects"));
  return builder.Finish();
}

}  // namespace ringfort::knowledge
