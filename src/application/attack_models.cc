#include "application/attack_models.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/attack_candidates_internal.h"
#include "application/campaign_evidence_internal.h"
#include "application/model_figures_internal.h"
#include "application/prepared_campaign_internal.h"
#include "application/run_id.h"
#include "application/scan.h"
#include "application/target_campaign_internal.h"
#include "application/version.h"
#include "base/text.h"
#include "campaign/runner.h"
#include "campaign/sample_file.h"
#include "campaign/summary.h"
#include "defenses/family.h"
#include "evidence/memory/memory_store.h"
#include "judges/family.h"

namespace ringfort {
namespace {

constexpr std::string_view kWidth = "hidden_dimension";
constexpr std::string_view kContinuation = "discoverable_memorization";
// With prompts of their own, and how long an answer need be to show what they look for.
struct UsualQuestion {
  std::string_view attack{};
  double tokens = 0;
};
constexpr UsualQuestion kUsualQuestions[] = {{"direct_injection", 48},
                                             {"indirect_injection", 48},
                                             {"tool_output_injection", 48},
                                             {"system_prompt_extraction", 96},
                                             {"long_answer", 256}};
constexpr std::string_view kModelJudge = "language_model";
// Of an endpoint: the usual attacks ask 3 for each member and each other text.
constexpr std::uint64_t kQuestionsAText = 8;

// What is planned of one candidate, and what was left out of it from the start.
struct Outline {
  campaign::Plan plan{};
  std::vector<NotTried> skipped{};
};

void AddReaders(std::vector<std::string>& names) {
  for (const attacks::AttackEntry& entry : attacks::AllAttacks())
    if (std::holds_alternative<attacks::TextReader>(entry.way) || std::holds_alternative<attacks::SetReader>(entry.way))
      names.emplace_back(entry.card.name);
  names.emplace_back(kContinuation);
}

// What is in order with any model: the weights, then, with texts, what it keeps of them, then what
// it does with orders in foreign text and with questions that have no end, which cost most time.
std::vector<std::string> UsualAttacks(bool texts) {
  std::vector<std::string> names = {std::string(kWidth)};
  if (texts) AddReaders(names);
  for (const UsualQuestion& question : kUsualQuestions) names.emplace_back(question.attack);
  return names;
}

campaign::PlannedAttack Planned(const std::string& name, bool usual) {
  campaign::PlannedAttack planned = {name, {}};
  for (const UsualQuestion& question : kUsualQuestions)
    if (usual && question.attack == name) planned.settings = {{"tokens", question.tokens}};
  return planned;
}

// A continuation is right word for word; an answer holds what was wanted, or does not.
std::vector<std::string> UsualJudges() { return {std::string(campaign::kVerbatim), "overlap"}; }

// Empty: nothing speaks against it.
std::string WidthObstacle(const AttackCandidate& candidate, std::uint64_t widest) {
  if (candidate.endpoint || candidate.source.starts_with(kScriptedSource)) return "";
  if (!candidate.width) return "the file does not say how wide the model is, so the work has no bound";
  if (*candidate.width > widest)
    return fmt::format("the model is {} wide, and this budget looks no further than {}", *candidate.width, widest);
  return "";
}

// `no_texts`: why those that the [[campaign]] names cannot be used; empty if they can.
Outline Draft(const Target& target, const AttackCandidate& candidate, const AttackModelsRequest& request,
              const std::string& no_texts) {
  static const TargetCampaign kNone;
  const TargetCampaign& given = candidate.campaign == nullptr ? kNone : *candidate.campaign;
  const auto place = [&](const std::string& path) { return path.empty() ? path : target.folder + "/" + path; };
  Outline outline;
  campaign::Plan& plan = outline.plan;
  plan.name = candidate.id;
  plan.seeds = {request.seed};
  plan.targets = {{candidate.id, candidate.source, candidate.reference}};
  if (no_texts.empty()) {
    plan.members = place(given.members);
    plan.held_out = place(given.held_out);
  }
  plan.prefix = place(given.prefix);
  plan.background = place(given.background);
  plan.unit = given.paragraphs ? datasets::TextUnit::kParagraph : datasets::TextUnit::kLine;
  plan.budget.queries =
      given.queries.value_or(candidate.endpoint ? request.limits.endpoint_queries : request.limits.queries);
  plan.most_texts = given.most.value_or(
      candidate.endpoint ? std::max<std::uint64_t>(2, plan.budget.queries / kQuestionsAText) : request.limits.texts);
  plan.budget.tokens = given.tokens.value_or(0);
  plan.budget.seconds = request.seconds ? *request.seconds : given.seconds.value_or(request.limits.seconds);
  const bool texts = !plan.members.empty();
  const std::string lack =
      !no_texts.empty() ? no_texts : "no [[campaign]] of ringfort.toml names members and held-out texts for it";
  if (!texts && given.attacks.empty()) outline.skipped.push_back({"attacks that read texts", lack});
  for (const std::string& name : given.attacks.empty() ? UsualAttacks(texts) : given.attacks) {
    std::string obstacle = name == kWidth ? WidthObstacle(candidate, request.limits.widest) : "";
    if (!texts && obstacle.empty() &&
        campaign::NeedsTexts(campaign::EntryOf(name, attacks::AllAttacks()), given.samples.contains(name)))
      obstacle = lack;
    if (obstacle.empty()) plan.attacks.push_back(Planned(name, given.attacks.empty()));
    if (!obstacle.empty()) outline.skipped.push_back({name, std::move(obstacle)});
  }
  for (const std::string& name : given.defenses) plan.defenses.push_back({name, {}});
  for (const auto& [attack, path] : given.samples)
    if (std::ranges::find(plan.attacks, attack, &campaign::PlannedAttack::name) != plan.attacks.end())
      plan.samples[attack] = place(path);
  plan.judges = given.judges.empty() ? UsualJudges() : given.judges;
  plan.calibration = place(given.calibration);
  plan.classifier = place(given.classifier);
  plan.judge_model = candidate.judge;
  // A judge whose model cannot be had is left out; the others go on.
  if (!candidate.no_judge.empty()) {
    std::erase(plan.judges, kModelJudge);
    if (plan.judges.empty()) plan.judges = UsualJudges();
  }
  return outline;
}

// A stranger's ringfort.toml may have been changed, or its links, since it was read.
Status StaysInside(const Target& target, const campaign::Plan& plan) {
  std::vector<std::string> paths = {plan.members,    plan.held_out,    plan.prefix,
                                    plan.background, plan.calibration, plan.classifier};
  for (const auto& [attack, path] : plan.samples) paths.push_back(path);
  for (const std::string& path : paths)
    if (!path.empty() && !LiesIn(target.folder, path))
      return Error{Fault::kInvalidInput, fmt::format("{} leads out of the target's folder", Printable(path, 200))};
  return Done{};
}

// Samples that cannot be read cost the attack that wants them, not the campaign.
void LeaveOutUnreadable(Outline& outline, AttackedModel& model) {
  for (auto at = outline.plan.samples.begin(); at != outline.plan.samples.end();) {
    const auto samples = campaign::ReadSampleFile(at->second);
    if (samples.ok()) {
      ++at;
      continue;
    }
    model.troubles.push_back(fmt::format("{}: {}", at->first, samples.error().what));
    outline.skipped.push_back({at->first, samples.error().what});
    std::erase_if(outline.plan.attacks,
                  [&](const campaign::PlannedAttack& planned) { return planned.name == at->first; });
    at = outline.plan.samples.erase(at);
  }
}

// Runs one campaign and enters what it says. An Error: the model could not be run.
Status Attack(const Target& target, const AttackCandidate& candidate, const AttackModelsRequest& request,
              EvidenceStore& store, Progress* progress, AttackModelsOutcome& outcome) {
  Outline outline = Draft(target, candidate, request, "");
  TRY_STATUS(StaysInside(target, outline.plan));
  AttackedModel model;
  if (!candidate.no_reference.empty()) model.troubles.push_back(candidate.no_reference);
  if (!candidate.no_judge.empty()) model.troubles.push_back(candidate.no_judge);
  if (const auto texts = campaign::ReadTexts(outline.plan); !texts.ok()) {
    model.troubles.push_back(texts.error().what);
    outline = Draft(target, candidate, request, texts.error().what);
  }
  LeaveOutUnreadable(outline, model);
  model.asset = candidate.asset;
  model.source = candidate.shown;
  const auto leave_out = [&] {
    std::string reasons;
    for (const NotTried& skipped : outline.skipped)
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", skipped.what, skipped.reason);
    outcome.attacks.left_out.push_back(
        {candidate.asset, candidate.shown, reasons, !model.troubles.empty(), candidate.campaign != nullptr});
    return Done{};
  };
  if (outline.plan.attacks.empty()) return leave_out();
  TRY_STATUS(campaign::CheckPlan(outline.plan, attacks::AllAttacks()));
  TRY_STATUS(campaign::CheckDefenses(outline.plan, defenses::AllDefenses()));
  TRY_STATUS(campaign::CheckJudges(outline.plan, judges::Family()));
  TRY(prepared, PrepareCampaign(std::move(outline.plan), {}));
  if (prepared.list.trials.empty()) {
    for (const campaign::Skip& skip : prepared.list.skips) outline.skipped.push_back({skip.attack, skip.reason});
    return leave_out();
  }
  Run run;
  run.started_at = UtcNow();
  run.id = NewRunId(run.started_at);
  run.kind = RunKind::kCampaign;
  run.tool_version = kVersion;
  run.seed = request.seed;
  run.arguments = request.arguments;
  TRY_STATUS(store.Begin(run));
  campaign::RunOptions options;
  options.run = run.id;
  options.tool_version = kVersion;
  options.now = UtcNow;
  options.progress = progress;
  options.texts_at_once = 8;  // the clock is looked at between them
  TRY(ran, campaign::RunTrials(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list, store,
                               options));
  const std::vector<std::string> ids = prepared.Ids();
  TRY(records, store.FindTrials(ids));
  if (!ran.stopped) TRY_STATUS(AskJudges(prepared, records, store, options, ran));
  if (!ran.stopped) TRY_STATUS(store.Finish(run.id, UtcNow()));
  TRY_STATUS(prepared.LearnVerdicts(store, records));
  TRY(summary, campaign::Summarize(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list,
                                   records, prepared.judges));
  model.engine = prepared.subjects().front().model->Facts().engine;
  EnterFigures(summary, prepared.cards, candidate.id, model);
  model.skipped.insert(model.skipped.begin(), outline.skipped.begin(), outline.skipped.end());
  model.troubles.insert(model.troubles.end(), ran.troubles.begin(), ran.troubles.end());
  if (ran.stopped) model.troubles.emplace_back("interrupted");
  for (Observation& observation : ObserveSteps(prepared, records, summary, candidate.asset))
    outcome.observations.push_back(std::move(observation));
  outcome.attacks.models.push_back(std::move(model));
  outcome.interrupted = ran.stopped;
  return Done{};
}

}  // namespace

AttackModelsOutcome AttackModels(const Target& target, const std::vector<Asset>& assets, const ScanResult& scan,
                                 const AttackModelsRequest& request, Progress* progress) {
  MemoryStore memory;
  EvidenceStore& store = request.store == nullptr ? memory : *request.store;
  AttackModelsOutcome outcome;
  for (const AttackCandidate& candidate : FindCandidates(target, assets, scan, request.ask_endpoints)) {
    NotAttacked left_out = {candidate.asset, candidate.shown, candidate.obstacle, candidate.failed,
                            candidate.campaign != nullptr};
    if (left_out.reason.empty() && outcome.interrupted) left_out.reason = "interrupted before it was its turn";
    if (left_out.reason.empty()) {
      const Status attacked = Attack(target, candidate, request, store, progress, outcome);
      if (attacked.ok()) continue;
      const std::string named = fmt::format("target {}: ", candidate.id);
      std::string_view what = attacked.error().what;
      if (what.starts_with(named)) what.remove_prefix(named.size());
      left_out.reason = Printable(what, 500);
      // That this build, or the engine for such folders, cannot run it, is no fault of the model.
      left_out.failed = !(candidate.folder && attacked.error().fault == Fault::kUnsupported);
    }
    outcome.attacks.left_out.push_back(std::move(left_out));
  }
  return outcome;
}

}  // namespace ringfort
