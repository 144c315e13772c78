#pragma once

#include <memory>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "attacks/attack.h"
#include "attacks/family.h"
#include "campaign/judging.h"
#include "campaign/plan.h"
#include "campaign/trial_list.h"

namespace ringfort {

// A plan with its models open and its trials spelled out.
struct PreparedCampaign {
  campaign::Plan plan{};
  campaign::Texts texts{};
  std::vector<std::string> members{};                     // what a defense may protect
  std::vector<std::unique_ptr<engines::Model>> models{};  // a model before what stands around it
  std::vector<campaign::Subject> subjects{};
  std::vector<attacks::AttackEntry> cards = attacks::AllAttacks();
  std::vector<campaign::SeatedJudge> judges{};
  campaign::TrialList list{};

  PreparedCampaign() = default;
  PreparedCampaign(PreparedCampaign&&) = default;
  PreparedCampaign& operator=(PreparedCampaign&&) = default;
  // What stands around a model goes before it.
  ~PreparedCampaign() {
    while (!models.empty()) models.pop_back();
  }

  std::vector<std::string> Ids() const;
};

// REQUIRES: CheckPlan, CheckDefenses and CheckJudges passed. Errors: a text set or another file of the plan that cannot
// be read; a model that cannot be opened, with its target's name.
Result<PreparedCampaign> PrepareCampaign(campaign::Plan plan, const ModelOptions& options);

}  // namespace ringfort
