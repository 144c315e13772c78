#include "report/scan_cyclonedx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/digest.h"
#include "report/json_text_internal.h"
#include "report/rule_index_internal.h"
#include "report/spdx_internal.h"

namespace ringfort {
namespace {

// By the start of the format's name, so that `pytorch-legacy` is at home as well.
constexpr std::array<std::string_view, 20> kModelFormats = {
    "pickle", "pytorch",  "torch", "joblib",    "dill",       "cloudpickle", "safetensors",
    "gguf",   "ggml",     "onnx",  "hdf5",      "tensorflow", "saved-model", "tflite",
    "keras",  "openvino", "pmml",  "llamafile", "pt2",        "coreml"};
constexpr std::array<std::string_view, 7> kDataFormats = {"numpy", "npy", "npz", "csv", "parquet", "arrow", "jsonl"};

// A configuration beside the weights may name an architecture; it is no model itself.
constexpr std::array<std::string_view, 4> kTextFormats = {"json", "text", "python", "jinja"};

std::string_view ComponentType(const ArtifactReport& artifact) {
  const auto among = [&](const auto& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return artifact.format.starts_with(name); });
  };
  if (among(kDataFormats)) return "data";
  if (among(kModelFormats)) return "machine-learning-model";
  return artifact.facts.count("architecture") && !among(kTextFormats) ? "machine-learning-model" : "file";
}

std::string ArtifactReference(std::size_t index) { return fmt::format("artifact-{}", index); }
std::string AssetReference(const std::string& id) { return "asset-" + id; }

const std::string* Fact(const ArtifactReport& artifact, const char* key) {
  const auto at = artifact.facts.find(key);
  return at == artifact.facts.end() || at->second.empty() ? nullptr : &at->second;
}

void AddProperty(Json& properties, std::string_view name, std::string_view value) {
  properties.push_back({{"name", fmt::format("ringfort:{}", name)}, {"value", value}});
}

std::string Where(const Place& place) {
  return place.offset == kNoOffset ? place.container : fmt::format("{} at byte {}", place.container, place.offset);
}

Json ModelCard(const ArtifactReport& artifact) {
  Json parameters = Json::object();
  if (const std::string* architecture = Fact(artifact, "architecture")) parameters["modelArchitecture"] = *architecture;
  if (const std::string* task = Fact(artifact, "task")) parameters["task"] = *task;
  Json card = Json::object();
  if (!parameters.empty()) card["modelParameters"] = std::move(parameters);
  Json properties = Json::array();
  for (const char* key : {"parameters", "tensors", "quantization", "framework", "producer"})
    if (const std::string* value = Fact(artifact, key)) AddProperty(properties, key, *value);
  if (!properties.empty()) card["properties"] = std::move(properties);
  return card;
}

Json Component(const ArtifactReport& artifact, std::size_t index) {
  const std::string_view type = ComponentType(artifact);
  const std::string* name = Fact(artifact, "name");
  const std::string file_name = artifact.path.substr(artifact.path.rfind('/') + 1);
  Json component = {{"type", type},
                    {"bom-ref", ArtifactReference(index)},
                    {"name", type == "machine-learning-model" && name ? *name : file_name}};
  if (const std::string* author = Fact(artifact, "author")) component["authors"] = Json::array({{{"name", *author}}});
  if (!artifact.sha256.empty()) component["hashes"] = Json::array({{{"alg", "SHA-256"}, {"content", artifact.sha256}}});
  if (const std::string* license = Fact(artifact, "license")) {
    const std::string_view id = SpdxId(*license);
    Json entry = id.empty() ? Json{{"name", *license}} : Json{{"id", id}};
    entry["acknowledgement"] = "declared";
    component["licenses"] = Json::array({{{"license", std::move(entry)}}});
  }
  if (type == "machine-learning-model") {
    if (const std::string* base = Fact(artifact, "base_model"))
      component["pedigree"] = {{"ancestors", Json::array({{{"type", "machine-learning-model"}, {"name", *base}}})}};
    component["modelCard"] = ModelCard(artifact);
  } else if (type == "data") {
    component["data"] = Json::array({{{"type", "dataset"}, {"name", file_name}}});
  }
  Json properties = Json::array();
  AddProperty(properties, "path", artifact.path);
  AddProperty(properties, "format", artifact.format);
  AddProperty(properties, "size", std::to_string(artifact.size));
  AddProperty(properties, "verdict", Name(artifact.verdict()));
  for (const SkippedPart& part : artifact.skipped)
    AddProperty(properties, "not_read", fmt::format("{}: {}", part.what, part.reason));
  for (const auto& [key, value] : artifact.facts) AddProperty(properties, "fact:" + key, value);
  component["properties"] = std::move(properties);
  return component;
}

Json Weaknesses(const RuleCard& card) {
  Json list = Json::array();
  for (const std::string_view threat : card.threats) {
    int number = 0;
    if (threat.starts_with("CWE-") &&
        std::from_chars(threat.data() + 4, threat.data() + threat.size(), number).ec == std::errc() && number > 0)
      list.push_back(number);
  }
  return list;
}

struct Group {
  Severity severity = Severity::kLow;
  const Finding* first = nullptr;
  std::vector<std::size_t> artifacts;
  Json properties = Json::array();
};

Json Vulnerabilities(const ScanResult& scan) {
  const RuleIndex rules(scan);
  std::map<std::pair<std::string, std::string>, Group> groups;  // by rule and by the policy's reason
  for (std::size_t i = 0; i < scan.artifacts.size(); ++i)
    for (const Finding& finding : scan.artifacts[i].findings) {
      Group& group = groups[{finding.rule, finding.suppressed}];
      if (!group.first) group.first = &finding;
      group.severity = std::max(group.severity, finding.severity);
      if (group.artifacts.empty() || group.artifacts.back() != i) group.artifacts.push_back(i);
      AddProperty(group.properties, "evidence", fmt::format("{}: {}", Where(finding.where), finding.evidence));
    }

  Json list = Json::array();
  for (auto& [key, group] : groups) {
    const auto& [rule, suppressed] = key;
    Json affects = Json::array();
    for (const std::size_t index : group.artifacts) affects.push_back({{"ref", ArtifactReference(index)}});
    Json vulnerability = {
        {"bom-ref", fmt::format("finding-{}", list.size())},
        {"id", rule},
        {"source", {{"name", "Ringfort"}}},
        {"ratings",
         Json::array({{{"source", {{"name", "Ringfort"}}}, {"severity", Name(group.severity)}, {"method", "other"}}})}};
    if (const RuleCard* card = rules.Card(rule))
      if (Json weaknesses = Weaknesses(*card); !weaknesses.empty()) vulnerability["cwes"] = std::move(weaknesses);
    vulnerability["description"] = rules.Title(*group.first);
    vulnerability["detail"] = rules.Why(*group.first);
    vulnerability["recommendation"] = rules.Fix(*group.first);
    if (!suppressed.empty())
      vulnerability["analysis"] = {{"response", Json::array({"will_not_fix"})},
                                   {"detail", "Accepted by policy: " + suppressed}};
    vulnerability["affects"] = std::move(affects);
    for (const std::string_view threat : rules.Threats(*group.first)) AddProperty(group.properties, "threat", threat);
    vulnerability["properties"] = std::move(group.properties);
    list.push_back(std::move(vulnerability));
  }
  return list;
}

// A version 8 UUID (RFC 9562): its content is ours, a digest here.
std::string SerialNumber(const ScanResult& scan) {
  Sha256 digest;
  const auto add = [&](std::string_view text) {
    digest.Add(AsBytes(text));
    digest.Add(AsBytes(std::string_view("\0", 1)));
  };
  add(scan.tool_version);
  add(scan.rule_set_version);
  add(scan.mode);
  for (const ArtifactReport& artifact : scan.artifacts) {
    add(artifact.path);
    add(artifact.sha256);
    add(std::to_string(artifact.size));
  }
  std::string hex = digest.Finish();
  hex[12] = '8';
  hex[16] = "89ab"[(hex[16] >= 'a' ? hex[16] - 'a' + 10 : hex[16] - '0') & 3];
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20, 12));
}

Json Document(const ScanResult& scan) {
  Json components = Json::array();
  Json unread = Json::array();
  for (std::size_t i = 0; i < scan.artifacts.size(); ++i) {
    components.push_back(Component(scan.artifacts[i], i));
    if (!scan.artifacts[i].skipped.empty()) unread.push_back(ArtifactReference(i));
  }
  Json metadata = Json::object();
  if (!scan.started_at.empty()) metadata["timestamp"] = scan.started_at;
  metadata["lifecycles"] = Json::array({{{"phase", "discovery"}}});
  metadata["tools"] = {
      {"components", Json::array({{{"type", "application"}, {"name", "ringfort"}, {"version", scan.tool_version}}})}};
  Json properties = Json::array();
  AddProperty(properties, "mode", scan.mode);
  AddProperty(properties, "rule_set", scan.rule_set_version);
  for (const std::string& root : scan.roots) AddProperty(properties, "root", root);
  metadata["properties"] = std::move(properties);

  Json document = {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
                   {"bomFormat", "CycloneDX"},
                   {"specVersion", "1.6"},
                   {"serialNumber", SerialNumber(scan)},
                   {"version", 1},
                   {"metadata", std::move(metadata)},
                   {"components", std::move(components)}};
  if (!unread.empty())
    document["compositions"] = Json::array({{{"aggregate", "incomplete"}, {"assemblies", std::move(unread)}}});
  document["vulnerabilities"] = Vulnerabilities(scan);
  return document;
}

Json AssetComponent(const Asset& asset) {
  const bool data = asset.kind == AssetKind::kDataset;
  Json component = {{"type", data                              ? "data"
                             : asset.kind == AssetKind::kModel ? "machine-learning-model"
                                                               : "application"},
                    {"bom-ref", AssetReference(asset.id)},
                    {"name", asset.id}};
  if (!asset.inferred.empty()) component["description"] = "Inferred: " + asset.inferred;
  if (data) component["data"] = Json::array({{{"type", "dataset"}, {"name", asset.id}}});
  Json properties = Json::array();
  AddProperty(properties, "asset_kind", Name(asset.kind));
  AddProperty(properties, "location", asset.location);
  AddProperty(properties, "verdict", Name(asset.verdict));
  component["properties"] = std::move(properties);
  return component;
}

}  // namespace

std::string WriteScanCycloneDx(const ScanResult& scan) { return JsonText(Document(scan)); }

std::string WriteAssessmentCycloneDx(const Assessment& assessment) {
  Json document = Document(assessment.scan);
  document["metadata"]["component"] = {{"type", "application"},
                                       {"bom-ref", "target"},
                                       {"name", assessment.target.empty() ? "target" : assessment.target}};

  std::map<std::string, std::vector<std::string>> depends;  // asset id -> references
  std::map<std::string, Json> trained_on;
  const auto known = [&](const std::string& id) {
    return std::any_of(assessment.assets.begin(), assessment.assets.end(),
                       [&](const Asset& asset) { return asset.id == id; });
  };
  for (const Tie& tie : assessment.ties) {
    if (!known(tie.from) || !known(tie.to)) continue;
    const std::string reference = AssetReference(tie.to);
    std::vector<std::string>& references = depends[tie.from];
    if (std::find(references.begin(), references.end(), reference) == references.end()) references.push_back(reference);
    if (tie.relation == Relation::kTrainedOn) trained_on[tie.from].push_back({{"ref", reference}});
  }

  Json dependencies = Json::array();
  Json roots = Json::array();
  for (const Asset& asset : assessment.assets) {
    Json component = AssetComponent(asset);
    if (asset.kind == AssetKind::kModel)
      if (const auto at = trained_on.find(asset.id); at != trained_on.end())
        component["modelCard"] = {{"modelParameters", {{"datasets", at->second}}}};
    document["components"].push_back(std::move(component));
    std::vector<std::string> references = depends[asset.id];
    for (const std::size_t index : asset.artifacts) references.push_back(ArtifactReference(index));
    dependencies.push_back({{"ref", AssetReference(asset.id)}, {"dependsOn", Json(references)}});
    roots.push_back(AssetReference(asset.id));
  }
  dependencies.insert(dependencies.begin(), Json{{"ref", "target"}, {"dependsOn", std::move(roots)}});
  document["dependencies"] = std::move(dependencies);
  return JsonText(document);
}

}  // namespace ringfort
