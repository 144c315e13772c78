#include "application/run_campaign.h"

#include <fmt/format.h>

#include "application/campaign_file.h"
#include "application/prepared_campaign_internal.h"
#include "application/recorded_scan.h"
#include "application/run_id.h"
#include "application/version.h"

namespace ringfort {
namespace {

Result<PreparedCampaign> Prepare(const CampaignRequest& request) {
  TRY(plan, ReadCampaignPlan(request.plan));
  return PrepareCampaign(std::move(plan), request.model);
}

Result<CampaignResult> Tell(const PreparedCampaign& prepared, std::span<const TrialRecord> records) {
  CampaignResult result;
  result.plan = prepared.plan;
  TRY(summary, campaign::Summarize(prepared.plan, prepared.texts, prepared.subjects, prepared.cards, prepared.list,
                                   records, prepared.judges));
  result.summary = std::move(summary);
  result.believed = campaign::Believe(result.summary, prepared.cards);
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
