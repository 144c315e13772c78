#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>

#include "application/assess.h"
#include "application/policy_file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/scan_policy.h"
#include "cli/terminal_progress.h"
#include "report/shown_leaks.h"

namespace ringfort {
namespace {

struct AssessArguments {
  std::string target;
  std::string out = "ringfort-report";
  std::string budget = "standard";
  std::uint64_t seed = 0;
  std::string store;
  std::string fail_on;
  std::string policy;
  bool no_cache = false;
  bool no_progress = false;
  bool no_campaign = false;
  bool ask_endpoints = false;
  double campaign_seconds = 0;  // 0: by the budget
  int jobs = 0;
};

std::uint64_t Errors(const AttackedModel& model) {
  std::uint64_t errors = 0;
  for (const MembershipFigure& figure : model.membership) errors += figure.errors;
  for (const SuccessFigure& figure : model.success) errors += figure.errors;
  for (const NumberFigure& figure : model.numbers) errors += figure.errors;
  for (const TakenFigure& figure : model.taken) errors += figure.outcome == Outcome::kError ? 1 : 0;
  return errors;
}

// What attacks on the models showed: the strongest of each kind, and what could not be run.
std::string Attacked(const ModelAttacks& attacks) {
  std::string text;
  for (const AttackedModel& model : attacks.models) {
    text += fmt::format("  attacked: {}, {} of {} trials, {} queries\n", Printable(model.asset, 60), model.made,
                        model.listed, model.queries);
    for (const TakenFigure& taken : model.taken)
      if (taken.defense.empty() && !taken.missing && taken.outcome != Outcome::kError)
        text += fmt::format("    {}: {:g}{}\n", taken.attack, taken.found,
                            taken.truth == 0                       ? ""
                            : taken.outcome == Outcome::kSucceeded ? ", which is right"
                                                                   : fmt::format(", and it is {}", taken.truth));
    const MembershipFigure* best = nullptr;
    for (const MembershipFigure& figure : model.membership)
      if (figure.scored && figure.defense.empty() && !figure.blind &&
          (best == nullptr || figure.auroc.value > best->auroc.value))
        best = &figure;
    if (best != nullptr)
      text += fmt::format("    membership, best by {}: AUROC {:.3f} [{:.3f}, {:.3f}], {}\n", best->attack,
                          best->auroc.value, best->auroc.low, best->auroc.high, best->reading);
    for (const SuccessFigure& success : model.success)
      if (success.defense.empty() && success.judged > 0)
        text += fmt::format("    {}: {} of {} ({}{}{})\n", success.attack, success.succeeded, success.judged,
                            Printable(success.label, 40), success.judge == "verbatim" ? "" : ", by " + success.judge,
                            success.uncalibrated ? ", uncalibrated" : "");
    for (const NumberFigure& number : model.numbers)
      if (number.defense.empty() && number.samples > 0)
        text += fmt::format("    {}: {:g} {} (mean of {}, {})\n", number.attack, number.mean.value, number.unit,
                            number.samples, Printable(number.label, 40));
    if (const std::uint64_t errors = Errors(model); errors > 0)
      text += fmt::format("    {} trials ended in an error\n", errors);
    for (const std::string& trouble : model.troubles)
      text += fmt::format("    not finished: {}\n", Printable(trouble, 300));
  }
  for (const NotAttacked& one : attacks.left_out)
    if (one.failed || one.asked)
      text += fmt::format("  not attacked: {}: {}\n", Printable(one.asset, 60), Printable(one.reason, 300));
  return text;
}

// What follows from it: the worst way, the loop, the first defenses.
std::string Reasoned(const Reasoning& reasoning) {
  std::string text;
  if (!reasoning.ways.empty()) {
    const ReachedState& goal = reasoning.states[reasoning.ways.front().goal];
    text +=
        fmt::format("  worst in reach: {}: {}, probability {:.3f} [{}]; loop gain {:.2f}\n", Printable(goal.asset, 60),
                    goal.capability, goal.probability.value, Name(goal.probability.ground), reasoning.loop_gain);
  }
  if (reasoning.defense && !reasoning.defense->deploy.empty()) {
    const DefensePlan& plan = *reasoning.defense;
    text += fmt::format("  deploy first: {}{}; the attacker's best chance times worth: {:.2g} -> {:.2g} [{}]\n",
                        plan.deploy[0].title, plan.deploy.size() > 1 ? ", then " + plan.deploy[1].title : "",
                        plan.loss_undefended.value, plan.loss.value, Name(plan.loss.ground));
  }
  return text;
}

// What a person wants to know at the end of a long run: verdict by asset, where
// on the loop, what was not tried, where to read on.
std::string Conclusion(const Assessment& assessment, const std::vector<std::string>& notes, const std::string& out) {
  const ScanSummary summary = Summarize(assessment.scan);
  const std::vector<ShownLeak> leaks = assessment.attacks ? ShownLeaks(*assessment.attacks) : std::vector<ShownLeak>();
  const std::vector<ShownLeak> breaches =
      assessment.attacks ? ShownBreaches(*assessment.attacks) : std::vector<ShownLeak>();
  const std::string shown = WhatModelsDo(leaks, breaches);
  // Clean files say nothing of what a model gives away when it is asked.
  std::string text = fmt::format("{}: files {}{}\n\n", Printable(assessment.target, 200), Name(summary.worst),
                                 shown.empty() ? "" : "; attacks found that " + shown);
  for (const Asset& asset : assessment.assets)
    text += fmt::format("  {:11} {:10} {:28} {:4} files{}{}{}\n",
                        asset.artifacts.empty() ? "not scanned" : Name(asset.verdict), Name(asset.kind),
                        Printable(asset.id, 60), asset.artifacts.size(), Leaks(leaks, asset.id) ? "  leaks" : "",
                        Leaks(breaches, asset.id) ? "  gives way" : "",
                        asset.inferred.empty() ? "" : "  (inferred: " + Printable(asset.inferred, 80) + ")");
  const auto by_axis = CountByAxis(assessment);
  text += "\n  on the loop: ";
  for (std::size_t axis = 0; axis < by_axis.size(); ++axis)
    text += fmt::format("{}{} {}", axis == 0 ? "" : ", ", kAxisNames[axis], by_axis[axis]);
  text +=
      fmt::format("\n  {} files, {} in {:.1f} s; {} findings, {} suppressed, {} parts not read, {} from the store\n",
                  summary.artifacts, HumanBytes(summary.bytes), assessment.scan.seconds, summary.findings,
                  summary.suppressed, summary.skipped, summary.cached);
  if (assessment.attacks) text += Attacked(*assessment.attacks);
  if (assessment.reasoning) text += Reasoned(*assessment.reasoning);
  std::size_t skipped_steps = 0, incomplete_steps = 0;
  for (const PlanStep& step : assessment.plan) {
    skipped_steps += step.status == StepStatus::kSkipped;
    incomplete_steps += step.status == StepStatus::kIncomplete;
  }
  text += fmt::format("  {} of {} planned steps were skipped{}; the report says why\n", skipped_steps,
                      assessment.plan.size(),
                      incomplete_steps == 0 ? "" : fmt::format(", {} incomplete", incomplete_steps));
  for (const std::string& note : notes) text += fmt::format("  note: {}\n", Printable(note, 300));
  text += fmt::format("\n  report: {}/report.html\n", out);
  return text;
}

int RunAssess(const AssessArguments& arguments) {
  AssessRequest request;
  request.target = arguments.target;
  request.budget = arguments.budget == "quick"      ? Budget::kQuick
                   : arguments.budget == "standard" ? Budget::kStandard
                                                    : Budget::kThorough;
  request.seed = arguments.seed;
  request.jobs = arguments.jobs;
  request.use_cache = !arguments.no_cache;
  request.campaigns = !arguments.no_campaign;
  request.ask_endpoints = arguments.ask_endpoints;
  if (arguments.campaign_seconds > 0) request.campaign_seconds = arguments.campaign_seconds;
  if (access(request.target.c_str(), F_OK) != 0)
    return Complain(fmt::format("cannot read {}: {}", request.target, std::strerror(errno)), kExitUsage);
  auto policy = OpenPolicy(arguments.policy, arguments.fail_on);
  if (!policy.ok()) return Complain(policy.error().what, kExitUsage);
  request.amend = policy.value().amend;
  std::unique_ptr<EvidenceStore> store;
  if (!arguments.store.empty()) {
    auto opened = OpenStore(arguments.store, false);
    if (!opened.ok()) return Complain(opened.error().what, kExitFailure);
    store = std::move(opened).value();
    request.store = store.get();
  }
  Result<AssessOutcome> assessed = [&] {
    TerminalProgress progress(!arguments.no_progress);
    return Assess(request, &progress);
  }();
  if (!assessed.ok())
    return Complain(assessed.error().what, assessed.error().fault == Fault::kInvalidInput ? kExitUsage : kExitFailure);
  const AssessOutcome& outcome = assessed.value();
  if (const Status written = WriteAssessment(outcome.assessment, arguments.out); !written.ok())
    return Complain(written.error().what, kExitFailure);
  if (const int failed = Deliver("", Conclusion(outcome.assessment, outcome.notes, arguments.out)); failed != 0)
    return failed;
  if (outcome.interrupted) return Complain("interrupted; the report holds what was done", kExitInterrupted);
  const int code = ExitCodeOf(Summarize(outcome.assessment.scan), policy.value().fail_on);
  return code == kExitClean && outcome.campaign_incomplete ? int{kExitIncomplete} : code;
}

}  // namespace

void AddAssessCommand(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<AssessArguments>();
  CLI::App* assess =
      app.add_subcommand("assess", "Assess a target: its models, data and code, and the loop between them");
  assess->add_option("target", arguments->target, "A folder, a file, or a ringfort.toml")->required();
  assess->add_option("--out", arguments->out, "Folder for report.html, assessment.json, findings.sarif, mlbom.cdx.json")
      ->capture_default_str();
  assess->add_option("--budget", arguments->budget, "quick, standard or thorough")
      ->check(CLI::IsMember({"quick", "standard", "thorough"}))
      ->capture_default_str();
  assess->add_option("--seed", arguments->seed, "Seed of everything that is drawn")->capture_default_str();
  assess->add_option("--store", arguments->store, "Record the run in this evidence store (SQLite file)");
  assess->add_option("--policy", arguments->policy,
                     "TOML file of suppressed rules, each with a reason and an expiry date");
  assess->add_option("--fail-on", arguments->fail_on, "Exit with 1 from this severity on (default: medium)")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  assess->add_flag("--no-cache", arguments->no_cache, "Analyze again what the store already knows");
  assess->add_option("--jobs", arguments->jobs, "Worker processes; 0: one a core")->check(CLI::Range(0, 1024));
  assess->add_flag("--no-campaign", arguments->no_campaign, "Run no model and attack none");
  assess
      ->add_option("--campaign-seconds", arguments->campaign_seconds,
                   "What attacks on each model may take (quick: 10, standard: 60, thorough: 600)")
      ->check(CLI::Range(0.001, 1e9));
  assess->add_flag("--ask-endpoints", arguments->ask_endpoints,
                   "Attack the endpoints that ringfort.toml names, too: this sends questions, and the key of "
                   "RINGFORT_API_KEY, to their addresses");
  assess->add_flag("--no-progress", arguments->no_progress, "No progress bar");
  assess->footer(
      "Examples:\n"
      "  ringfort assess my-project\n"
      "  ringfort assess my-project --out report --budget quick --seed 1 --store evidence.db\n"
      "  ringfort assess my-project --campaign-seconds 300 --store evidence.db\n"
      "Without a ringfort.toml the assets are inferred from the files, and each says why.\n"
      "GGUF files that the scan finds clean are run and attacked, within a budget; a [[campaign]] in\n"
      "ringfort.toml gives such an attack its texts. With --store the trials are kept, and the same\n"
      "command goes on where it was stopped.\n"
      "Exit codes as for `ringfort scan`; 3 also where a [[campaign]] could not be finished.");
  assess->callback([arguments, &exit_code] { exit_code = RunAssess(*arguments); });
}

}  // namespace ringfort
