#include "application/run_campaign.h"

#include <fmt/format.h>

#include "application/campaign_file.h"
#include "application/recorded_scan.h"
#include "application/run_id.h"
#include "application/version.h"
#include "attacks/family.h"
#include "base/digest.h"
#include "base/text.h"
#include "defenses/family.h"

namespace ringfort {
namespace {

using campaign::Plan;
using campaign::Subject;

// A plan with its models open and its trials spelled out.
struct Prepared {
  Plan plan{};
  campaign::Texts texts{};
  std::vector<std::string> members{};                     // what a defense may protect
  std::vector<std::unique_ptr<engines::Model>> models{};  // a model before what stands around it
  std::vector<Subject> subjects{};
  std::vector<attacks::AttackEntry> cards = attacks::AllAttacks();
  campaign::TrialList list{};

  Prepared() = default;
  Prepared(Prepared&&) = default;
  Prepared& operator=(Prepared&&) = default;
  // What stands around a model goes before it.
  ~Prepared() {
    while (!models.empty()) models.pop_back();
  }

  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    for (const campaign::ListedTrial& trial : list.trials) ids.push_back(trial.id);
    return ids;
  }
};

Result<engines::Model*> Open(Prepared& prepared, const std::string& id, const std::string& source,
                             const ModelOptions& options) {
  auto model = OpenModel(source, options);
  if (!model.ok())
    return Error{model.error().fault, fmt::format("target {}: {}", id, model.error().what), model.error().offset};
  prepared.models.push_back(std::move(model).value());
  return prepared.models.back().get();
}

// REQUIRES: CheckDefenses passed.
Subject Defend(Prepared& prepared, Subject subject, const campaign::PlannedDefense& planned) {
  const defenses::DefenseEntry entry = *defenses::FindDefense(planned.name);
  const Settings settings = Settings::Checked(entry.card.settings, planned.settings).value();
  const std::uint64_t seed = prepared.plan.seeds.front();
  std::string all;
  for (const std::string& text : prepared.members) AppendField(all, text);
  subject.defense = planned.name;
  subject.defense_settings = fmt::format("{} {} seed={} protected={}", entry.card.version, settings.Canonical(), seed,
                                         Sha256Hex(AsBytes(all)));
  prepared.models.push_back(
      std::get<defenses::WrapModel>(entry.way)(*subject.model, settings, {prepared.members, seed}));
  subject.model = prepared.models.back().get();
  return subject;
}

Result<Prepared> Prepare(const CampaignRequest& request) {
  Prepared prepared;
  TRY(plan, ReadCampaignPlan(request.plan));
  prepared.plan = std::move(plan);
  TRY(texts, campaign::ReadTexts(prepared.plan));
  prepared.texts = std::move(texts);
  for (const campaign::LabeledText& text : prepared.texts.texts)
    if (text.member) prepared.members.push_back(text.text);
  for (const campaign::PlannedTarget& target : prepared.plan.targets) {
    Subject subject{target.id, nullptr, nullptr};
    TRY(model, Open(prepared, target.id, target.source, request.model));
    subject.model = model;
    if (!target.reference.empty()) {
      TRY(reference, Open(prepared, target.id, target.reference, request.model));
      subject.reference = reference;
    }
    prepared.subjects.push_back(subject);
    for (const campaign::PlannedDefense& defense : prepared.plan.defenses)
      prepared.subjects.push_back(Defend(prepared, subject, defense));
  }
  TRY(list, campaign::ListTrials(prepared.plan, prepared.texts, prepared.subjects, prepared.cards));
  prepared.list = std::move(list);
  return prepared;
}

Result<CampaignResult> Tell(const Prepared& prepared, std::span<const TrialRecord> records) {
  CampaignResult result;
  result.plan = prepared.plan;
  TRY(summary,
      campaign::Summarize(prepared.plan, prepared.texts, prepared.subjects, prepared.cards, prepared.list, records));
  result.summary = std::move(summary);
  result.run.listed = result.summary.listed;
  result.run.known = result.summary.made;
  return result;
}

}  // namespace

Result<CampaignResult> PlanCampaign(const CampaignRequest& request) {
  TRY(prepared, Prepare(request));
  return Tell(prepared, {});
}

Result<CampaignResult> RunCampaign(const CampaignRequest& request, Progress* progress) {
  TRY(prepared, Prepare(request));
  TRY(store, OpenStore(request.store, false));
  const std::vector<std::string> ids = prepared.Ids();
  if (request.resume) {
    TRY(records, store->FindTrials(ids));
    if (records.empty())
      return Error{Fault::kInvalidInput,
                   fmt::format("nothing to resume: {} holds no trial of this plan", request.store)};
  }
  Run run;
  run.started_at = UtcNow();
  run.id = NewRunId(run.started_at);
  run.kind = RunKind::kCampaign;
  run.tool_version = kVersion;
  run.seed = prepared.plan.seeds.front();
  run.arguments = request.arguments;
  TRY_STATUS(store->Begin(run));
  campaign::RunOptions options;
  options.run = run.id;
  options.tool_version = kVersion;
  options.now = UtcNow;
  options.progress = progress;
  TRY(outcome, campaign::RunTrials(prepared.plan, prepared.texts, prepared.subjects, prepared.cards, prepared.list,
                                   *store, options));
  if (!outcome.stopped) TRY_STATUS(store->Finish(run.id, UtcNow()));
  TRY(records, store->FindTrials(ids));
  TRY(result, Tell(prepared, records));
  result.run = std::move(outcome);
  return result;
}

Result<CampaignResult> SummarizeCampaign(const CampaignRequest& request) {
  TRY(prepared, Prepare(request));
  TRY(store, OpenStore(request.store, true));
  TRY(records, store->FindTrials(prepared.Ids()));
  return Tell(prepared, records);
}

}  // namespace ringfort
