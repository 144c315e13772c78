#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "application/model_source.h"
#include "attacks/attack.h"
#include "attacks/family.h"
#include "campaign/judging.h"
#include "campaign/plan.h"
#include "campaign/runner.h"
#include "campaign/trial_list.h"
#include "evidence/evidence_store.h"

namespace ringfort {

// The targets of a plan, with and without defenses, for one worker.
struct OpenedTargets {
  std::vector<std::unique_ptr<engines::Model>> models{};  // a model before what stands around it
  std::vector<campaign::Subject> subjects{};

  OpenedTargets() = default;
  OpenedTargets(OpenedTargets&&) = default;
  OpenedTargets& operator=(OpenedTargets&&) = default;
  // What stands around a model goes before it.
  ~OpenedTargets() {
    while (!models.empty()) models.pop_back();
  }
};

// A plan with its models open and its trials spelled out.
struct PreparedCampaign {
  campaign::Plan plan{};
  campaign::Texts texts{};
  std::vector<std::string> members{};                      // what a defense may protect
  std::vector<std::unique_ptr<engines::Model>> shadows{};  // of texts.shadows; none where texts.no_shadows says why
  OpenedTargets targets{};
  std::vector<attacks::AttackEntry> cards = attacks::AllAttacks();
  std::shared_ptr<engines::Model> judge_model{};  // none: null
  std::vector<campaign::SeatedJudge> judges{};
  campaign::TrialList list{};

  std::span<const campaign::Subject> subjects() const { return targets.subjects; }
  std::vector<std::string> Ids() const;
  // Tells the judge that asks a model what it said, as logged; and how many answers among
  // `records` it has not judged yet.
  Result<std::uint64_t> LearnVerdicts(EvidenceStore& store, std::span<const TrialRecord> records);
};

// REQUIRES: CheckPlan, CheckDefenses and CheckJudges passed. Errors: a text set or another file of the plan that cannot
// be read; a model that cannot be opened, with its target's name.
Result<PreparedCampaign> PrepareCampaign(campaign::Plan plan, const ModelOptions& options);

// The answers at hand are put to the judge that asks a model, if there is one. What it did not
// answer stands in `outcome.troubles`.
Status AskJudges(const PreparedCampaign& prepared, std::span<const TrialRecord> records, EvidenceStore& store,
                 const campaign::RunOptions& options, campaign::RunOutcome& outcome);

// The same targets for up to `workers` - 1 further workers, with models of their own; a target
// that cannot be opened so often, or that is another when it is opened again, is left to those who
// have it, with a sentence in `remarks`.
struct FurtherWorkers {
  std::vector<OpenedTargets> targets{};
  std::vector<std::vector<campaign::Subject>> subjects{};  // of each worker, all; model null: not its own
  std::vector<std::string> remarks{};
};
FurtherWorkers OpenForFurtherWorkers(const PreparedCampaign& prepared, const ModelOptions& options,
                                     std::uint32_t workers);

}  // namespace ringfort
