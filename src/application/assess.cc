#include "application/assess.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "application/attack_models.h"
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
  };
}

AttackLimits LimitsOf(Budget budget) {
  if (budget == Budget::kQuick) return {30, 10'000, 50, 100, 384};
  if (budget == Budget::kStandard) return {};
  return {600, 10'000'000, 2'000, 5'000, 6144};
}

// The first sentence of each kind, and how many there are.
std::string WhyNot(const std::vector<NotAttacked>& left_out) {
  std::vector<std::pair<std::string, std::size_t>> reasons;
  for (const NotAttacked& one : left_out) {
    const auto at = std::ranges::find(reasons, one.reason,
                                      [](const std::pair<std::string, std::size_t>& known) { return known.first; });
    if (at == reasons.end())
      reasons.emplace_back(one.reason, 1);
    else
      ++at->second;
  }
  std::string text;
  for (const auto& [reason, count] : reasons) {
    if (!text.empty()) text += "; ";
    text += count == 1 ? reason : fmt::format("{} ({} models)", reason, count);
  }
  return text;
}

PlanStep AttackStep(const ModelAttacks& attacks) {
  PlanStep step = {"attack the models", StepStatus::kSkipped, {}};
  std::uint64_t made = 0, listed = 0;
  bool whole = true;
  for (const AttackedModel& model : attacks.models) {
    made += model.made;
    listed += model.listed;
    whole = whole && model.complete();
  }
  const bool failed = std::ranges::any_of(attacks.left_out, &NotAttacked::failed);
  if (!attacks.models.empty())
    step.status = whole && !failed ? StepStatus::kDone : StepStatus::kIncomplete;
  else if (failed)
    step.status = StepStatus::kIncomplete;
  if (attacks.models.empty() && attacks.left_out.empty()) step.reason = "the target has no model";
  if (!attacks.models.empty())
    step.reason = fmt::format("{} attacked, {} trials of {}", Plural(attacks.models.size(), "model"), made, listed);
  if (!attacks.left_out.empty())
    step.reason += fmt::format("{}not run: {}", step.reason.empty() ? "" : "; ", WhyNot(attacks.left_out));
  return step;
}

PlanStep DefenseStep(const ModelAttacks& attacks) {
  std::set<std::string> defenses;
  for (const AttackedModel& model : attacks.models) {
    for (const MembershipFigure& figure : model.membership) defenses.insert(figure.defense);
    for (const SuccessFigure& figure : model.success) defenses.insert(figure.defense);
    for (const TakenFigure& figure : model.taken) defenses.insert(figure.defense);
  }
  defenses.erase("");
  if (defenses.empty())
    return {"measure defenses", StepStatus::kSkipped, "no [[campaign]] of a model that was run names `defenses`"};
  return {"measure defenses", StepStatus::kDone,
          fmt::format("{}, each alone and beside the bare model: {}", Plural(defenses.size(), "defense"),
                      fmt::join(defenses, ", "))};
}

// Fills assessment.attacks and says in the plan what was done. The observations go to the
// threat graph.
std::vector<Observation> AttackOn(const Target& target, const AssessRequest& request, Progress* progress,
                                  AssessOutcome& outcome) {
  Assessment& assessment = outcome.assessment;
  if (!request.campaigns || outcome.interrupted) {
    const char* why = request.campaigns ? "interrupted" : "not wished (--no-campaign)";
    for (const char* step : {"attack the models", "measure defenses"})
      assessment.plan.push_back({step, StepStatus::kSkipped, why});
    return {};
  }
  AttackModelsRequest attack;
  attack.limits = LimitsOf(request.budget);
  attack.seconds = request.campaign_seconds;
  attack.ask_endpoints = request.ask_endpoints;
  attack.seed = std::max<std::uint64_t>(1, request.seed);
  attack.store = request.store;
  attack.arguments = {request.target};
  AttackModelsOutcome attacked = AttackModels(target, assessment.assets, assessment.scan, attack, progress);
  outcome.interrupted = attacked.interrupted;
  const auto declared = [&](const std::string& asset) {
    return std::ranges::any_of(target.campaigns, [&](const TargetCampaign& one) { return one.asset == asset; });
  };
  for (const AttackedModel& model : attacked.attacks.models)
    if (!model.complete() && declared(model.asset)) outcome.campaign_incomplete = true;
  for (const NotAttacked& one : attacked.attacks.left_out)
    if (one.failed && one.asked) outcome.campaign_incomplete = true;
  assessment.plan.push_back(AttackStep(attacked.attacks));
  assessment.plan.push_back(DefenseStep(attacked.attacks));
  assessment.attacks = std::move(attacked.attacks);
  return std::move(attacked.observations);
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
  for (Observation& observation : AttackOn(target, request, progress, outcome))
    observations.push_back(std::move(observation));
  ReasonOn(target, request.budget, std::move(observations), assessment);
  return outcome;
}

Status WriteAssessment(const Assessment& assessment, const std::string& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return Error{Fault::kUnavailable, fmt::format("cannot make {}: {}", folder, failure.message())};
  TRY_STATUS(WriteFileAtomically(folder + "/assessment.json", WriteAssessmentJson(assessment)));
  TRY_STATUS(WriteFileAtomically(folder + "/findings.sarif", WriteAssessmentSarif(assessment)));
  TRY_STATUS(WriteFileAtomically(folder + "/mlbom.cdx.json", WriteAssessmentCycloneDx(assessment)));
  TRY_STATUS(WriteFileAtomically(folder + "/report.html", WriteHtmlReport(assessment)));
  return Done{};
}

}  // namespace ringfort
