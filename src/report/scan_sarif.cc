#include "report/scan_sarif.h"

#include <fmt/format.h>

#include <map>

#include "base/digest.h"
#include "base/text.h"
#include "report/json_text_internal.h"
#include "report/reasoning_index_internal.h"
#include "report/reasoning_json_internal.h"
#include "report/reasoning_words_internal.h"
#include "report/rule_index_internal.h"
#include "report/uri_internal.h"

namespace ringfort {
namespace {

std::string_view Level(Severity severity) {
  switch (severity) {
    case Severity::kLow: return "note";
    case Severity::kMedium: return "warning";
    case Severity::kHigh:
    case Severity::kCritical: return "error";
  }
  return "warning";
}

// The middle of the band that code-scanning pages give each word.
std::string_view Score(Severity severity) {
  switch (severity) {
    case Severity::kLow: return "2.0";
    case Severity::kMedium: return "5.5";
    case Severity::kHigh: return "8.0";
    case Severity::kCritical: return "9.5";
  }
  return "0.0";
}

Json Message(std::string_view text) { return {{"text", text}}; }

// SARIF integers are read as signed 64 bit by its consumers.
bool IsKnown(std::uint64_t offset) { return offset <= static_cast<std::uint64_t>(INT64_MAX); }

// The taxa that any rule speaks for, each with its place in its taxonomy.
class Taxonomies {
 public:
  explicit Taxonomies(const std::vector<const RuleCard*>& rules) {
    for (const RuleCard* rule : rules)
      for (const std::string_view threat : rule->threats)
        if (threat.starts_with("CWE-"))
          cwe_.emplace(threat, 0);
        else if (threat.starts_with("AML."))
          atlas_.emplace(threat, 0);
    for (auto* taxa : {&cwe_, &atlas_}) {
      std::size_t next = 0;
      for (auto& [id, index] : *taxa) index = next++;
    }
  }

  Json Document() const {
    return Json::array({Taxonomy("CWE", "MITRE", "Common Weakness Enumeration", "https://cwe.mitre.org", cwe_),
                        Taxonomy("ATLAS", "MITRE", "Adversarial Threat Landscape for Artificial-Intelligence Systems",
                                 "https://atlas.mitre.org", atlas_)});
  }
  Json Relationships(const RuleCard& rule) const {
    Json relationships = Json::array();
    for (const std::string_view threat : rule.threats) {
      if (const auto at = cwe_.find(threat); at != cwe_.end())
        relationships.push_back(Relationship(threat, at->second, "CWE", 0));
      else if (const auto technique = atlas_.find(threat); technique != atlas_.end())
        relationships.push_back(Relationship(threat, technique->second, "ATLAS", 1));
    }
    return relationships;
  }

 private:
  using Taxa = std::map<std::string_view, std::size_t>;

  static Json Taxonomy(std::string_view name, std::string_view organization, std::string_view title,
                       std::string_view uri, const Taxa& taxa) {
    Json list = Json::array();
    for (const auto& [id, index] : taxa) list.push_back({{"id", id}});
    return {{"name", name},
            {"organization", organization},
            {"informationUri", uri},
            {"shortDescription", Message(title)},
            {"taxa", std::move(list)}};
  }
  static Json Relationship(std::string_view id, std::size_t index, std::string_view taxonomy, int position) {
    return {{"target", {{"id", id}, {"index", index}, {"toolComponent", {{"name", taxonomy}, {"index", position}}}}},
            {"kinds", Json::array({"relevant"})}};
  }

  Taxa cwe_;
  Taxa atlas_;
};

Json RuleDocument(const RuleCard& rule, const Taxonomies& taxonomies) {
  Json tags = Json::array({"security"});
  for (const std::string_view threat : rule.threats)
    // The form in which code-scanning pages recognize a weakness.
    tags.push_back(threat.starts_with("CWE-") ? fmt::format("external/cwe/{}", LowerCase(threat))
                                              : std::string(threat));
  return {
      {"id", rule.id},
      {"name", rule.name},
      {"shortDescription", Message(rule.title)},
      {"fullDescription", Message(rule.why)},
      {"help",
       {{"text", fmt::format("{}\n\n{}\n\nWhat to do: {}", rule.title, rule.why, rule.fix)},
        {"markdown", fmt::format("**{}**\n\n{}\n\n**What to do:** {}", rule.title, rule.why, rule.fix)}}},
      {"defaultConfiguration", {{"level", Level(rule.severity)}}},
      {"relationships", taxonomies.Relationships(rule)},
      {"properties", {{"security-severity", Score(rule.severity)}, {"precision", "high"}, {"tags", std::move(tags)}}}};
}

Json FileLocation(const ArtifactReport& artifact, std::size_t index) {
  Json location = {{"uri", PathToUri(artifact.path)}, {"index", index}};
  if (!artifact.path.starts_with('/')) location["uriBaseId"] = "%SRCROOT%";
  return location;
}

Json Location(const Finding& finding, const ArtifactReport& artifact, std::size_t index) {
  Json physical = {{"artifactLocation", FileLocation(artifact, index)}};
  const bool in_member = finding.where.container != artifact.path && !finding.where.container.empty();
  if (!in_member && IsKnown(finding.where.offset)) physical["region"] = {{"byteOffset", finding.where.offset}};
  Json location = {{"physicalLocation", std::move(physical)}};
  if (in_member) {
    const std::string& container = finding.where.container;
    const std::size_t step = container.rfind("!/");
    Json member = {{"name", step == std::string::npos ? container : container.substr(step + 2)},
                   {"fullyQualifiedName", container},
                   {"kind", "member"}};
    if (IsKnown(finding.where.offset)) member["properties"] = {{"offset", finding.where.offset}};
    location["logicalLocations"] = Json::array({std::move(member)});
  }
  return location;
}

Json ResultDocument(const Finding& finding, const ArtifactReport& artifact, std::size_t index, const RuleIndex& rules) {
  std::string text(rules.Title(finding));
  if (!finding.evidence.empty()) text += ": " + finding.evidence;
  Json result = {{"ruleId", finding.rule}};
  if (const long position = rules.Position(finding.rule); position >= 0) result["ruleIndex"] = position;
  result["level"] = Level(finding.severity);
  result["message"] = Message(text);
  result["locations"] = Json::array({Location(finding, artifact, index)});
  if (finding.count > 1 && IsKnown(finding.count)) result["occurrenceCount"] = finding.count;
  const std::string identity = finding.rule + '\0' + finding.where.container + '\0' + finding.evidence;
  result["partialFingerprints"] = {{"ringfort/v1", Sha256Hex(AsBytes(identity)).substr(0, 32)}};
  // Once any result says whether it is suppressed, all must (SARIF 3.27.23).
  result["suppressions"] = Json::array();
  if (!finding.suppressed.empty())
    result["suppressions"].push_back(
        {{"kind", "external"}, {"status", "accepted"}, {"justification", finding.suppressed}});
  result["properties"] = {{"severity", Name(finding.severity)},
                          {"security-severity", Score(finding.severity)},
                          {"evidence", finding.evidence}};
  return result;
}

Json ArtifactDocument(const ArtifactReport& artifact) {
  Json location = {{"uri", PathToUri(artifact.path)}};
  if (!artifact.path.starts_with('/')) location["uriBaseId"] = "%SRCROOT%";
  Json document = {{"location", std::move(location)}, {"roles", Json::array({"analysisTarget"})}};
  if (IsKnown(artifact.size)) document["length"] = artifact.size;
  if (!artifact.sha256.empty()) document["hashes"] = {{"sha-256", artifact.sha256}};
  document["properties"] = {{"format", artifact.format}, {"verdict", Name(artifact.verdict())}};
  return document;
}

Json Invocation(const ScanResult& scan) {
  Json notifications = Json::array();
  for (std::size_t i = 0; i < scan.artifacts.size(); ++i)
    for (const SkippedPart& part : scan.artifacts[i].skipped) {
      Json physical = {{"artifactLocation", FileLocation(scan.artifacts[i], i)}};
      if (IsKnown(part.offset)) physical["region"] = {{"byteOffset", part.offset}};
      notifications.push_back({{"level", "warning"},
                               {"message", Message(fmt::format("Not read: {}: {}", part.what, part.reason))},
                               {"descriptor", {{"id", "incomplete"}, {"index", 0}}},
                               {"locations", Json::array({{{"physicalLocation", std::move(physical)}}})}});
    }
  Json invocation = {{"executionSuccessful", true}};
  if (!scan.started_at.empty()) invocation["startTimeUtc"] = scan.started_at;
  invocation["toolExecutionNotifications"] = std::move(notifications);
  return invocation;
}

Json RunDocument(const ScanResult& scan) {
  const RuleIndex rules(scan);
  const Taxonomies taxonomies(scan.rules);
  Json rule_list = Json::array();
  for (const RuleCard* rule : scan.rules) rule_list.push_back(RuleDocument(*rule, taxonomies));
  Json artifacts = Json::array();
  Json results = Json::array();
  for (std::size_t i = 0; i < scan.artifacts.size(); ++i) {
    artifacts.push_back(ArtifactDocument(scan.artifacts[i]));
    for (const Finding& finding : scan.artifacts[i].findings)
      results.push_back(ResultDocument(finding, scan.artifacts[i], i, rules));
  }

  Json driver = {
      {"name", "Ringfort"},
      {"version", scan.tool_version},
      {"rules", std::move(rule_list)},
      {"notifications", Json::array({{{"id", "incomplete"},
                                      {"name", "artifact_incomplete"},
                                      {"shortDescription", Message("A part of the artifact could not be read")}}})},
      {"supportedTaxonomies", Json::array({{{"name", "CWE"}, {"index", 0}}, {{"name", "ATLAS"}, {"index", 1}}})},
      {"properties", {{"ruleSetVersion", scan.rule_set_version}}}};
  return {{"tool", {{"driver", std::move(driver)}}},
          {"automationDetails", {{"id", "ringfort/" + scan.mode + "/"}}},
          {"invocations", Json::array({Invocation(scan)})},
          {"taxonomies", taxonomies.Document()},
          {"artifacts", std::move(artifacts)},
          {"results", std::move(results)}};
}

std::string Document(Json run) {
  return JsonText(
      {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
       {"version", "2.1.0"},
       {"runs", Json::array({std::move(run)})}});
}

}  // namespace

std::string WriteScanSarif(const ScanResult& scan) { return Document(RunDocument(scan)); }

std::string WriteAssessmentSarif(const Assessment& assessment) {
  Json run = RunDocument(assessment.scan);
  if (!assessment.reasoning) return Document(std::move(run));
  const Reasoning& reasoning = *assessment.reasoning;
  const auto names = [&](const std::vector<std::size_t>& states) {
    Json list = Json::array();
    for (const std::size_t state : states) list.push_back(StateName(reasoning, state));
    return list;
  };
  run["properties"] = {{"loop_gain", LoopGainDocument(reasoning)}, {"loop", names(reasoning.loop)}};

  // Results stand as the artifacts' findings do, one after the other.
  std::vector<std::size_t> first_result;
  std::size_t results = 0;
  for (const ArtifactReport& artifact : assessment.scan.artifacts) {
    first_result.push_back(results);
    results += artifact.findings.size();
  }
  const std::vector<std::vector<std::size_t>> shown = StatesShown(assessment);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const PlacedFinding& placed = assessment.findings[i];
    if (!shown[i].empty())
      run["results"][first_result[placed.artifact] + placed.finding]["properties"]["states"] = names(shown[i]);
  }
  return Document(std::move(run));
}

}  // namespace ringfort
