#include "application/assess.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "application/defend.h"
#include "application/reason.h"
#include "application/target_artifacts.h"
#include "application/target_discovery.h"
#include "base/digest.h"
#include "base/file.h"
#include "report/assessment_json.h"
#include "report/html_report.h"
#include "report/scan_cyclonedx.h"
#include "report/scan_sarif.h"
#include "threat_model/asset_facts.h"
#include "threat_model/target_leakage.h"

namespace ringfort {
namespace {

constexpr std::string_view kBudgetNames[] = {"quick", "standard", "thorough"};

// Worlds to toss for the probabilities of states.
std::uint64_t SamplesOf(Budget budget) {
  return budget == Budget::kQuick ? 20'000 : budget == Budget::kStandard ? 100'000 : 1'000'000;
}

// Draws of the beliefs for the intervals of the losses.
std::uint64_t DrawsOf(Budget budget) { return budget == Budget::kQuick ? 0 : budget == Budget::kStandard ? 50 : 500; }

std::string Plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string BoundLeakage(const Target& target, const Assessment& assessment, std::vector<LeakagePath>& leakage) {
  LeakageOptions options;
  options.facts = ReadAssetFacts(assessment.assets, assessment.scan.artifacts);
  Result<std::vector<LeakagePath>> paths = FindTargetLeakage(knowledge::BuiltinCatalog(), target, options);
  if (!paths.ok()) return paths.error().what;
  leakage = std::move(paths).value();
  return {};
}

// Fills assessment.reasoning and says in the plan what was done, or why not: a target
// that cannot be reasoned on is still scanned and reported.
void ReasonOn(const Target& target, Budget budget, std::vector<Observation> observations, Assessment& assessment) {
  const auto enter = [&](std::string name, const std::string& obstacle, std::string done) {
    const bool skipped = !obstacle.empty();
    assessment.plan.push_back(
        {std::move(name), skipped ? StepStatus::kSkipped : StepStatus::kDone, skipped ? obstacle : std::move(done)});
  };
  ReasonRequest request;
  request.observed = ObserveCapabilities(knowledge::BuiltinCatalog(), assessment);
  request.options.observations = std::move(observations);
  request.samples = SamplesOf(budget);
  request.seed = assessment.seed;
  Result<ReasonedTarget> reasoned = Reason(target, request);
  assessment.reasoning.emplace();
  Reasoning& reasoning = *assessment.reasoning;
  if (reasoned.ok()) reasoning = reasoned.value().reasoning;
  enter("reason on the threat graph", reasoned.ok() ? "" : reasoned.error().what,
        fmt::format("{} in reach by {}, {} of them shown by findings; loop gain {:.2f}; {} samples",
                    Plural(reasoning.states.size(), "state"), Plural(reasoning.steps.size(), "step"),
                    request.observed.size(), reasoning.loop_gain, reasoning.samples));

  if (const auto left_out = FindLeftOutSteps(knowledge::BuiltinCatalog(), target, request.observed, request.options);
      left_out.ok() && left_out.value().steps > 0)
    assessment.plan.back().reason +=
        fmt::format("; {} left out for want of traits, which `ringfort graph target` names",
                    Plural(left_out.value().steps, "step"));

  const std::string no_bound = BoundLeakage(target, assessment, reasoning.leakage);
  enter("bound the leakage", no_bound,
        reasoning.leakage.empty() ? "no secret reaches an observer by the channels of this target"
                                  : Plural(reasoning.leakage.size(), "pair") + " of a secret and an observer");

  if (!reasoned.ok()) return enter("choose a portfolio of defenses", reasoned.error().what, "");
  DefenseQuestion question;
  question.seed = assessment.seed;
  question.budget = target.budget.value_or(kUsualBudget);
  question.draws = DrawsOf(budget);
  Result<DefensePlan> plan = PlanDefenses(target, reasoned.value(), question);
  enter("choose a portfolio of defenses", plan.ok() ? "" : plan.error().what,
        plan.ok()
            ? fmt::format("{} within the budget: the attacker's best chance times worth falls from {:.2g} to {:.2g}",
                          Plural(plan.value().deploy.size(), "defense"), plan.value().loss_undefended.value,
                          plan.value().loss.value)
            : "");
  if (plan.ok()) reasoning.defense = std::move(plan).value();
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
  std::vector<Observation> observations;
  if (request.store != nullptr) {
    TRY(stored, request.store->Observations());
    observations = std::move(stored);
  }
  ReasonOn(target, request.budget, std::move(observations), assessment);
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
