#include "application/assess.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "application/reason.h"
#include "application/target_artifacts.h"
#include "application/target_discovery.h"
#include "base/digest.h"
#include "base/file.h"
#include "report/assessment_json.h"
#include "report/html_report.h"
#include "report/scan_cyclonedx.h"
#include "report/scan_sarif.h"

namespace ringfort {
namespace {

constexpr std::string_view kBudgetNames[] = {"quick", "standard", "thorough"};

// Worlds to toss for the probabilities of states.
std::uint64_t SamplesOf(Budget budget) {
  return budget == Budget::kQuick ? 20'000 : budget == Budget::kStandard ? 100'000 : 1'000'000;
}

// Fills assessment.reasoning and says in the plan what was done, or why not: a target
// that cannot be reasoned on is still scanned and reported.
void ReasonOn(const Target& target, Budget budget, Assessment& assessment) {
  const std::string_view step = "reason on the threat graph";
  ReasonRequest request;
  request.observed = ObserveCapabilities(knowledge::BuiltinCatalog(), assessment);
  request.samples = SamplesOf(budget);
  request.seed = assessment.seed;
  Result<ReasonedTarget> reasoned = Reason(target, request);
  if (!reasoned.ok()) {
    assessment.plan.push_back({std::string(step), StepStatus::kSkipped, reasoned.error().what});
    return;
  }
  assessment.reasoning = std::move(reasoned.value().reasoning);
  const Reasoning& reasoning = *assessment.reasoning;
  assessment.plan.push_back(
      {std::string(step), StepStatus::kDone,
       fmt::format("{} states in reach by {} steps, {} of them shown by findings; loop gain {:.2f}; {} samples",
                   reasoning.states.size(), reasoning.steps.size(), request.observed.size(), reasoning.loop_gain,
                   reasoning.samples)});
}

std::vector<PlanStep> Plan(const Target& target, const ScanResult& scan) {
  const ScanSummary summary = Summarize(scan);
  const bool declared = std::any_of(target.assets.begin(), target.assets.end(),
                                    [](const Asset& asset) { return asset.inferred.empty(); });
  const auto missing = [](std::string name, std::string_view what) {
    return PlanStep{std::move(name), StepStatus::kSkipped, fmt::format("not available: {}", what)};
  };
  return {
      {"read the target", StepStatus::kDone,
       fmt::format("{} assets and {} ties, {}", target.assets.size(), target.ties.size(),
                   declared ? "as ringfort.toml declares them" : "inferred from the files")},
      {"scan artifacts", StepStatus::kDone,
       fmt::format("{} files, {} findings, {} parts not read, rules {}", summary.artifacts, summary.findings,
                   summary.skipped, scan.rule_set_version)},
      {"place findings on the loop", StepStatus::kDone, "by axis and lifecycle stage, from the threats of each rule"},
      missing("scan dependencies", "this version does not match dependencies against advisories"),
      missing("attack the models", "this version has no engines to run models with"),
      missing("measure defenses", "this version has no defenses to switch on and off"),
      missing("bound the leakage", "this version has no information-flow estimates"),
      missing("choose a portfolio of defenses", "this version does not solve the game between attacker and defender"),
  };
}

}  // namespace

Result<AssessOutcome> Assess(const AssessRequest& request, Progress* progress) {
  TRY(target, OpenTarget(request.target));
  ScanRequest scan_request;
  scan_request.paths = {ScanPathOf(target, request.target)};
  scan_request.limits = request.limits;
  // A quick assessment spends less on each artifact; what it cannot finish is said
  // to be incomplete.
  if (request.budget == Budget::kQuick)
    scan_request.limits.time = std::min(scan_request.limits.time, std::chrono::milliseconds(30'000));
  scan_request.jobs = request.jobs;
  scan_request.amend = request.amend;
  Result<ScanOutcome> scanned =
      request.store == nullptr
          ? RunScan(scan_request, progress)
          : RunRecordedScan(scan_request,
                            {request.store, RunKind::kAssess, request.seed, {request.target}, request.use_cache},
                            progress);
  if (!scanned.ok()) return scanned.error();

  AssessOutcome outcome;
  outcome.interrupted = scanned.value().interrupted;
  outcome.notes = target.notes;
  Assessment& assessment = outcome.assessment;
  assessment.target = request.target;
  assessment.budget = kBudgetNames[static_cast<std::size_t>(request.budget)];
  assessment.seed = request.seed;
  assessment.scan = std::move(scanned).value().result;
  assessment.plan = Plan(target, assessment.scan);
  assessment.assets = target.assets;
  assessment.ties = target.ties;
  for (const ArtifactReport& artifact : assessment.scan.artifacts)
    if (!artifact.sha256.empty()) assessment.digests[artifact.path] = artifact.sha256;
  AttachArtifacts(target.folder, assessment.scan.artifacts, assessment.assets);
  assessment.findings = PlaceFindings(assessment.scan, assessment.assets);
  ReasonOn(target, request.budget, assessment);
  return outcome;
}

Status WriteAssessment(const Assessment& assessment, const std::string& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return Error{Fault::kUnavailable, fmt::format("cannot make {}: {}", folder, failure.message())};
  TRY_STATUS(WriteFileAtomically(folder + "/assessment.json", WriteAssessmentJson(assessment)));
  TRY_STATUS(WriteFileAtomically(folder + "/findings.sarif", WriteScanSarif(assessment.scan)));
  TRY_STATUS(WriteFileAtomically(folder + "/mlbom.cdx.json", WriteAssessmentCycloneDx(assessment)));
  TRY_STATUS(WriteFileAtomically(folder + "/report.html", WriteHtmlReport(assessment)));
  return Done{};
}

}  // namespace ringfort
