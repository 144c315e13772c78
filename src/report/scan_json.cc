#include "report/scan_json.h"

#include "report/json_text_internal.h"
#include "report/rule_index_internal.h"
#include "report/scan_json_internal.h"

namespace ringfort {
namespace {

Json FindingDocument(const Finding& finding, const RuleIndex& rules) {
  return {{"rule", finding.rule},
          {"severity", Name(finding.severity)},
          {"title", rules.Title(finding)},
          {"why", rules.Why(finding)},
          {"fix", rules.Fix(finding)},
          {"where", {{"container", finding.where.container}, {"offset", OffsetOrNull(finding.where.offset)}}},
          {"evidence", finding.evidence},
          {"threats", Json(rules.Threats(finding))},
          {"count", finding.count},
          {"suppressed", finding.suppressed.empty() ? Json(nullptr) : Json(finding.suppressed)}};
}

Json ArtifactDocument(const ArtifactReport& artifact, const RuleIndex& rules) {
  Json findings = Json::array();
  for (const Finding& finding : artifact.findings) findings.push_back(FindingDocument(finding, rules));
  Json skipped = Json::array();
  for (const SkippedPart& part : artifact.skipped)
    skipped.push_back({{"what", part.what}, {"reason", part.reason}, {"offset", OffsetOrNull(part.offset)}});
  Json facts = Json::object();
  for (const auto& [key, value] : artifact.facts) facts[key] = value;
  return {{"path", artifact.path},
          {"sha256", artifact.sha256.empty() ? Json(nullptr) : Json(artifact.sha256)},
          {"size", artifact.size},
          {"format", artifact.format},
          {"verdict", Name(artifact.verdict())},
          {"findings", std::move(findings)},
          {"skipped", std::move(skipped)},
          {"facts", std::move(facts)},
          {"from_cache", artifact.from_cache}};
}

Json SummaryDocument(const ScanSummary& summary) {
  Json verdicts = Json::object();
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i) verdicts[std::string(kVerdictNames[i])] = summary.verdicts[i];
  Json severities = Json::object();
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i)
    severities[std::string(kSeverityNames[i])] = summary.severities[i];
  return {{"verdict", Name(summary.worst)}, {"artifacts", summary.artifacts},   {"bytes", summary.bytes},
          {"verdicts", verdicts},           {"findings", summary.findings},     {"severities", severities},
          {"skipped", summary.skipped},     {"suppressed", summary.suppressed}, {"cached", summary.cached}};
}

}  // namespace

Json ScanDocument(const ScanResult& scan) {
  const RuleIndex rules(scan);
  Json artifacts = Json::array();
  for (const ArtifactReport& artifact : scan.artifacts) artifacts.push_back(ArtifactDocument(artifact, rules));
  return {{"schema", "ringfort.scan/1"},
          {"tool", {{"name", "ringfort"}, {"version", scan.tool_version}, {"rule_set", scan.rule_set_version}}},
          {"mode", scan.mode},
          {"started_at", scan.started_at},
          {"seconds", scan.seconds},
          {"roots", Json(scan.roots)},
          {"artifacts", std::move(artifacts)},
          {"summary", SummaryDocument(Summarize(scan))}};
}

std::string WriteScanJson(const ScanResult& scan) { return JsonText(ScanDocument(scan)); }

}  // namespace ringfort
