#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/json.h"
#include "knowledge/exchange/export.h"
#include "knowledge/exchange/export_marks_internal.h"
#include "knowledge/exchange/import_builder_internal.h"
#include "knowledge/exchange/name_uuid_internal.h"
#include "knowledge/exchange/stix_internal.h"

namespace ringfort::knowledge {
namespace {

bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// Date or time as STIX wants it, else "".
std::string TimeOf(std::string_view text) {
  std::string time(text);
  if (time.size() == 10) time += "T00:00:00.000Z";
  if (!IsStixTime(time)) return {};
  // Milliseconds at least.
  const std::size_t dot = time.find('.');
  if (dot == std::string::npos)
    time.insert(time.size() - 1, ".000");
  else
    while (time.size() - dot < 5) time.insert(time.size() - 1, "0");
  return time;
}

// An address that RFC 3986 lets stand as it is; any other is only told in words.
bool IsPlainAddress(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || IsDigit(byte);
    if (byte == '%') {
      const auto digit = [&](std::size_t at) {
        return at < text.size() && std::string_view("0123456789abcdefABCDEF").find(text[at]) != std::string_view::npos;
      };
      if (!digit(i + 1) || !digit(i + 2)) return false;
    } else if (!letter && std::string_view("-._~:/?#@!$&'()*+,;=").find(byte) == std::string_view::npos) {
      return false;
    }
  }
  return std::count(text.begin(), text.end(), '#') <= 1;
}

// Where the node's own id is at home.
Json HomeReference(const Node& node) {
  const std::string& id = node.id;
  if (id.starts_with("AML.")) {
    std::string_view folder;
    if (node.kind == NodeKind::kTactic) folder = "tactics";
    if (node.kind == NodeKind::kTechnique) folder = "techniques";
    if (node.kind == NodeKind::kMitigation) folder = "mitigations";
    if (node.kind == NodeKind::kIncident) folder = "studies";
    Json reference = {{"source_name", "mitre-atlas"}};
    const std::string address = fmt::format("https://atlas.mitre.org/{}/{}", folder, id);
    if (!folder.empty() && IsPlainAddress(address)) reference["url"] = address;
    reference["external_id"] = id;
    return reference;
  }
  if (IsCveId(id)) return {{"source_name", "cve"}, {"external_id", id}};
  const bool capec = id.starts_with("CAPEC-") && id.size() > 6 && std::all_of(id.begin() + 6, id.end(), IsDigit);
  if (capec) return {{"source_name", "capec"}, {"external_id", id}};
  return {{"source_name", id.starts_with("CWE-") ? "cwe" : "ringfort"}, {"external_id", id}};
}

// A property `reference` is an address, a title, or both with a blank between.
Json Reference(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const std::string_view first = text.substr(0, blank);
  if (!IsPlainAddress(first)) return {{"source_name", "reference"}, {"description", text}};
  Json reference = {{"source_name", "reference"}};
  if (blank != std::string_view::npos) reference["description"] = text.substr(blank + 1);
  reference["url"] = first;
  return reference;
}

std::string ShortName(const Node& tactic) {
  // Each technique of the tactic repeats it.
  constexpr std::size_t kBytes = 128;
  const std::string_view known = PropertyOf(tactic, "shortname");
  if (!known.empty() && known.size() <= kBytes) return std::string(known);
  std::string name;
  for (const char byte : tactic.title.empty() ? tactic.id : tactic.title) {
    if (name.size() == kBytes) break;
    const char lower = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    if ((lower >= 'a' && lower <= 'z') || IsDigit(lower))
      name += lower;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  return name;
}

// More tactics than a technique can sensibly have.
constexpr std::size_t kPhases = 64;

class StixWriter {
 public:
  StixWriter(const ThreatGraph& graph, const StixExport& options)
      : graph_(graph), time_(TimeOf(options.time).empty() ? StixExport().time : TimeOf(options.time)) {}

  std::string Write() {
    for (const Node& node : graph_.nodes()) types_.push_back(TypeOf(node));
    WriteProducer();
    for (NodeIndex i = 0; i < graph_.nodes().size(); ++i) WriteNode(i);
    for (const Edge& edge : graph_.edges()) WriteEdge(edge);
    return fmt::format("{{\"type\":\"bundle\",\"id\":\"bundle--{}\",\"objects\":[\n{}\n]}}\n", NameUuid(objects_),
                       objects_);
  }

 private:
  static std::string TypeOf(const Node& node) {
    const std::string_view wanted = PropertyOf(node, "stix_type");
    std::string_view first;
    for (const StixKind& known : kStixKinds) {
      if (known.kind != node.kind) continue;
      const bool writable = known.type != "indicator" || CanBeIndicator(node);
      if (known.type == wanted && writable) return std::string(wanted);
      if (first.empty() && known.type != "indicator") first = known.type;
    }
    if (!first.empty()) return std::string(first);
    std::string type = fmt::format("x-ringfort-{}", Name(node.kind));
    std::replace(type.begin(), type.end(), '_', '-');
    return type;
  }

  static bool CanBeIndicator(const Node& node) {
    return !PropertyOf(node, "pattern").empty() && !PropertyOf(node, "pattern_type").empty() &&
           !TimeOf(PropertyOf(node, "valid_from")).empty();
  }

  std::string IdOf(NodeIndex index) const {
    const std::string& id = graph_.node(index).id;
    return IsStixId(id, types_[index]) ? id : fmt::format("{}--{}", types_[index], NameUuid(id));
  }

  void WriteProducer() {
    Append(Json{{"type", "identity"},
                {"spec_version", "2.1"},
                {"id", kStixProducer},
                {"created", time_},
                {"modified", time_},
                {"name", "Ringfort"},
                {"identity_class", "system"}});
    Append(Json{{"type", "extension-definition"},
                {"spec_version", "2.1"},
                {"id", kStixExtension},
                {"created_by_ref", kStixProducer},
                {"created", time_},
                {"modified", time_},
                {"name", "Ringfort threat graph"},
                {"description", "What a node or an edge of a threat graph holds beyond the fields of STIX."},
                {"schema",
                 "graph_id, graph_kind: text. title: text, where the name is not it. mentioned: true of a node that "
                 "was only named. properties: list of [name, value]. sources: list of [name, version, location]."},
                {"version", "1.0.0"},
                {"extension_types", {"property-extension", "new-sdo"}}});
  }

  void WriteNode(NodeIndex index) {
    const Node& node = graph_.node(index);
    Json object = {{"type", types_[index]}, {"spec_version", "2.1"}, {"id", IdOf(index)}};
    PutTimes(object, PropertyOf(node, "created"), PropertyOf(node, "modified"));
    object["name"] = node.title.empty() ? node.id : node.title;
    if (!node.text.empty()) object["description"] = node.text;
    if (types_[index] == "malware") object["is_family"] = PropertyOf(node, "is_family") == "true";
    if (types_[index] == "indicator") {
      for (const char* name : {"pattern", "pattern_type"}) object[name] = PropertyOf(node, name);
      object["valid_from"] = TimeOf(PropertyOf(node, "valid_from"));
    }
    if (types_[index] == "attack-pattern") PutPhases(object, index);
    if (types_[index] == "x-mitre-tactic") object["x_mitre_shortname"] = ShortName(node);
    if (node.id != object["id"]) object["external_references"].push_back(HomeReference(node));
    for (const Property& property : node.properties)
      if (property.name == "reference") object["external_references"].push_back(Reference(property.value));
    Json extension = Extension(node.kind == NodeKind::kTactic || !types_[index].starts_with("x-"));
    extension["graph_id"] = node.id;
    extension["graph_kind"] = Name(node.kind);
    if (node.title.empty()) extension["title"] = "";
    if (graph_.OnlyMentioned(index)) extension["mentioned"] = true;
    PutMarks(extension, node.properties, node.sources);
    object["extensions"][kStixExtension] = std::move(extension);
    Append(object);
  }

  void WriteEdge(const Edge& edge) {
    const std::string_view kind = Name(edge.kind);
    std::string type(kind);
    std::replace(type.begin(), type.end(), '_', '-');
    const bool techniques =
        graph_.node(edge.from).kind == NodeKind::kTechnique && graph_.node(edge.to).kind == NodeKind::kTechnique;
    if (edge.kind == EdgeKind::kSpecializes && techniques) type = "subtechnique-of";
    const std::string name = fmt::format("{}\n{}\n{}", kind, graph_.node(edge.from).id, graph_.node(edge.to).id);
    Json object = {
        {"type", "relationship"}, {"spec_version", "2.1"}, {"id", fmt::format("relationship--{}", NameUuid(name))}};
    PutTimes(object, "", "");
    object["relationship_type"] = type;
    for (const Property& property : edge.properties)
      if (property.name == "use" && !object.contains("description")) object["description"] = property.value;
    object["source_ref"] = IdOf(edge.from);
    object["target_ref"] = IdOf(edge.to);
    Json extension = Extension(true);
    extension["graph_kind"] = kind;
    PutMarks(extension, edge.properties, edge.sources);
    object["extensions"][kStixExtension] = std::move(extension);
    Append(object);
  }

  // The tactics it achieves, or those of what it specializes.
  void PutPhases(Json& object, NodeIndex index) const {
    std::vector<NodeIndex> tactics = Targets(index, EdgeKind::kAchieves);
    if (tactics.empty())
      for (const NodeIndex parent : Targets(index, EdgeKind::kSpecializes)) {
        if (tactics.size() >= kPhases) break;
        const std::vector<NodeIndex> more = Targets(parent, EdgeKind::kAchieves);
        tactics.insert(tactics.end(), more.begin(), more.end());
      }
    std::set<std::string> phases;
    for (const NodeIndex tactic : tactics) {
      const Node& node = graph_.node(tactic);
      if (node.kind != NodeKind::kTactic || !phases.insert(ShortName(node)).second || phases.size() > kPhases) continue;
      object["kill_chain_phases"].push_back(
          {{"kill_chain_name", node.id.starts_with("AML.") ? "mitre-atlas" : "ringfort"},
           {"phase_name", ShortName(node)}});
    }
  }

  std::vector<NodeIndex> Targets(NodeIndex index, EdgeKind kind) const {
    std::vector<NodeIndex> targets;
    for (const EdgeIndex edge : graph_.EdgesFrom(index)) {
      if (targets.size() == kPhases) break;
      if (graph_.edge(edge).kind == kind) targets.push_back(graph_.edge(edge).to);
    }
    return targets;
  }

  // `modified` is never before `created`.
  void PutTimes(Json& object, std::string_view created, std::string_view modified) const {
    const std::string known_created = TimeOf(created);
    const std::string known_modified = TimeOf(modified);
    const std::string& from = known_created.empty() ? time_ : known_created;
    object["created"] = from;
    object["modified"] = known_modified.empty() ? from : std::max(from, known_modified);
  }

  static Json Extension(bool known_type) { return {{"extension_type", known_type ? "property-extension" : "new-sdo"}}; }

  void Append(const Json& object) { AppendLine(objects_, object); }

  const ThreatGraph& graph_;
  std::string time_;
  std::vector<std::string> types_{};
  std::string objects_{};
};

}  // namespace

bool IsStixTime(std::string_view text) {
  constexpr std::string_view kShape = "9999-99-99T99:99:99";
  if (text.size() < kShape.size() + 1 || text.back() != 'Z') return false;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == '9' ? !IsDigit(text[i]) : text[i] != kShape[i]) return false;
  const auto between = [&](std::size_t at, int least, int most) {
    const int number = (text[at] - '0') * 10 + (text[at + 1] - '0');
    return number >= least && number <= most;
  };
  if (!between(5, 1, 12) || !between(8, 1, 31) || !between(11, 0, 23) || !between(14, 0, 59) || !between(17, 0, 60))
    return false;
  const std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  return fraction.empty() || (fraction.size() > 1 && fraction.size() < 12 && fraction[0] == '.' &&
                              std::all_of(fraction.begin() + 1, fraction.end(), IsDigit));
}

bool IsStixId(std::string_view id, std::string_view type) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (id.size() != type.size() + 2 + kShape.size() || !id.starts_with(type) || id.substr(type.size(), 2) != "--")
    return false;
  id.remove_prefix(type.size() + 2);
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = IsDigit(id[i]) || (id[i] >= 'a' && id[i] <= 'f') || (id[i] >= 'A' && id[i] <= 'F');
    if (kShape[i] == 'x' ? !digit : id[i] != '-') return false;
  }
  return id[14] >= '1' && id[14] <= '5' && std::string_view("89abAB").find(id[19]) != std::string_view::npos;
}

std::string ExportStix(const ThreatGraph& graph, const StixExport& options) {
  return StixWriter(graph, options).Write();
}

}  // namespace ringfort::knowledge
