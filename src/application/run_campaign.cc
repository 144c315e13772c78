#include "application/run_campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/campaign_file.h"
#include "application/prepared_campaign_internal.h"
#include "application/recorded_scan.h"
#include "application/run_id.h"
#include "application/version.h"

namespace ringfort {
namespace {

Result<PreparedCampaign> Prepare(const CampaignRequest& request) {
  TRY(plan, ReadCampaignPlan(request.plan));
  ModelOptions options = request.model;
  options.workers = std::max(1U, request.jobs);
  return PrepareCampaign(std::move(plan), options);
}

// `store`: none where nothing was made yet.
Result<CampaignResult> Tell(PreparedCampaign& prepared, std::span<const TrialRecord> records, EvidenceStore* store) {
  CampaignResult result;
  result.plan = prepared.plan;
  if (store != nullptr) {
    TRY(unasked, prepared.LearnVerdicts(*store, records));
    result.unasked = unasked;
  }
  TRY(summary, campaign::Summarize(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list,
                                   records, prepared.judges));
  result.summary = std::move(summary);
  result.believed = campaign::Believe(result.summary, prepared.cards);
  result.prices = campaign::PriceDefenses(prepared.plan, prepared.texts, prepared.subjects(), prepared.list, records,
                                          result.summary);
  result.run.listed = result.summary.listed;
  result.run.known = result.summary.made;
  return result;
}

}  // namespace

Result<CampaignResult> PlanCampaign(const CampaignRequest& request) {
  TRY(prepared, Prepare(request));
  return Tell(prepared, {}, nullptr);
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
  ModelOptions model = request.model;
  model.workers = std::max(1U, request.jobs);
  FurtherWorkers further;
  if (request.jobs > 1) further = OpenForFurtherWorkers(prepared, model, request.jobs);
  campaign::RunOptions options;
  options.further_workers = further.subjects;
  options.run = run.id;
  options.tool_version = kVersion;
  options.now = UtcNow;
  options.progress = progress;
  TRY(outcome, campaign::RunTrials(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list,
                                   *store, options));
  TRY(records, store->FindTrials(ids));
  if (!outcome.stopped) TRY_STATUS(AskJudges(prepared, records, *store, options, outcome));
  if (!outcome.stopped) TRY_STATUS(store->Finish(run.id, UtcNow()));
  TRY(result, Tell(prepared, records, store.get()));
  result.run = std::move(outcome);
  result.remarks = std::move(further.remarks);
  return result;
}

Result<CampaignResult> SummarizeCampaign(const CampaignRequest& request) {
  TRY(prepared, Prepare(request));
  TRY(store, OpenStore(request.store, true));
  TRY(records, store->FindTrials(prepared.Ids()));
  return Tell(prepared, records, store.get());
}

}  // namespace ringfort
