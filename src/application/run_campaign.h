#pragma once

#include <memory>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "base/progress.h"
#include "base/result.h"
#include "campaign/believed.h"
#include "campaign/defense_price.h"
#include "campaign/runner.h"
#include "campaign/summary.h"

// `ringfort campaign`: real attacks on real models, logged trial by trial.

namespace ringfort {

struct CampaignRequest {
  std::string plan{};   // path of the TOML file
  std::string store{};  // path of the evidence store; need not be there for PlanCampaign
  ModelOptions model{};
  std::uint32_t jobs = 1;  // workers; each opens the models for itself
  bool resume = false;     // it is an error if nothing was logged before
  std::vector<std::string> arguments{};
};

struct CampaignResult {
  campaign::Plan plan{};
  campaign::Summary summary{};
  std::vector<campaign::BelievedLine> believed{};  // of each defense, what it is worth
  std::vector<campaign::DefensePrice> prices{};    // and what it costs those who mean no harm
  campaign::RunOutcome run{};                      // of RunCampaign; else only `listed` and `known`
  std::uint64_t unasked = 0;                       // answers that the judge which asks a model has not judged yet
  std::vector<std::string> remarks{};              // what went otherwise than asked and costs no trial
};

// What would be tried, what is skipped and why, and what it could show. Opens the
// models; asks them nothing but what they are, and writes nothing.
Result<CampaignResult> PlanCampaign(const CampaignRequest& request);

// Makes what is missing, and says what all of it shows. What a target did not answer stands
// in `run.troubles`; an interrupted run in `run.stopped`.
Result<CampaignResult> RunCampaign(const CampaignRequest& request, Progress* progress);

// What the log shows so far; nothing is asked.
Result<CampaignResult> SummarizeCampaign(const CampaignRequest& request);

// For people, at most 100 columns; printable UTF-8.
std::string WriteCampaignTable(const CampaignResult& result);
// The trials by state, and what is skipped; without results.
std::string WriteCampaignStatus(const CampaignResult& result);
// Schema `ringfort.campaign/1`. Numbers that were not measured are null.
std::string WriteCampaignJson(const CampaignResult& result);

// Every attack that a plan may name: name, axis, what it needs, source.
std::string WriteAttackTable();
std::string WriteAttackJson();  // schema `ringfort.attacks/1`
// The same of defenses.
std::string WriteDefenseTable();
std::string WriteDefenseJson();  // schema `ringfort.defenses/1`

}  // namespace ringfort
