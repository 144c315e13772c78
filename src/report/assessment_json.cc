#include "report/assessment_json.h"

#include "report/json_text_internal.h"
#include "report/model_attacks_json_internal.h"
#include "report/reasoning_json_internal.h"
#include "report/scan_json_internal.h"

namespace ringfort {
namespace {

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json AssetsDocument(const Assessment& assessment) {
  Json assets = Json::array();
  for (const Asset& asset : assessment.assets) {
    Json artifacts = Json::array();
    for (const std::size_t index : asset.artifacts) artifacts.push_back(assessment.scan.artifacts[index].path);
    assets.push_back({{"id", asset.id},
                      {"kind", Name(asset.kind)},
                      {"location", asset.location},
                      {"verdict", Name(asset.verdict)},
                      {"inferred", TextOrNull(asset.inferred)},
                      {"artifacts", std::move(artifacts)}});
  }
  return assets;
}

Json PlacedDocument(const PlacedFinding& placed, const ScanResult& scan) {
  const ArtifactReport& artifact = scan.artifacts[placed.artifact];
  const Finding& finding = artifact.findings[placed.finding];
  return {{"rule", finding.rule},
          {"severity", Name(finding.severity)},
          {"axis", Name(placed.placement.axis)},
          {"stage", Name(placed.placement.stage)},
          {"asset", TextOrNull(placed.asset)},
          {"artifact", artifact.path},
          {"where", {{"container", finding.where.container}, {"offset", OffsetOrNull(finding.where.offset)}}},
          {"suppressed", TextOrNull(finding.suppressed)}};
}

}  // namespace

std::string WriteAssessmentJson(const Assessment& assessment) {
  Json ties = Json::array();
  for (const Tie& tie : assessment.ties)
    ties.push_back(
        {{"from", tie.from}, {"relation", Name(tie.relation)}, {"to", tie.to}, {"inferred", TextOrNull(tie.inferred)}});
  Json findings = Json::array();
  for (const PlacedFinding& placed : assessment.findings) findings.push_back(PlacedDocument(placed, assessment.scan));
  const auto counts = CountByAxis(assessment);
  Json axes = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) axes[std::string(kAxisNames[i])] = counts[i];
  Json plan = Json::array();
  for (const PlanStep& step : assessment.plan)
    plan.push_back({{"name", step.name}, {"status", Name(step.status)}, {"reason", step.reason}});
  Json digests = Json::object();
  for (const auto& [path, digest] : assessment.digests) digests[path] = digest;

  return JsonText({{"schema", "ringfort.assessment/1"},
                   {"tool", {{"name", "ringfort"}, {"version", assessment.scan.tool_version}}},
                   {"target", assessment.target},
                   {"budget", assessment.budget},
                   {"seed", assessment.seed},
                   {"verdict", Name(Summarize(assessment.scan).worst)},
                   {"assets", AssetsDocument(assessment)},
                   {"ties", std::move(ties)},
                   {"findings", std::move(findings)},
                   {"axes", std::move(axes)},
                   {"attacks", assessment.attacks ? ModelAttacksDocument(*assessment.attacks) : Json(nullptr)},
                   {"reasoning", assessment.reasoning ? ReasoningDocument(*assessment.reasoning) : Json(nullptr)},
                   {"plan", std::move(plan)},
                   {"digests", std::move(digests)},
                   {"scan", ScanDocument(assessment.scan)}});
}

}  // namespace ringfort
