#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "campaign/runner.h"
#include "campaign/trial_list.h"
#include "domain/trial.h"
#include "engines/model.h"
#include "evidence/evidence_store.h"
#include "judges/judge.h"

// What a judge that asks a model said. A question to a model costs, and an endpoint may say
// something else tomorrow: so it is asked once, when trials are made, and what it said is
// logged like a trial. A summary reads the log and asks nothing.
//
// A verdict's identity is all that decides it: the judge and its version, the digest of its
// model, the engine that computes it, and what was asked and answered (not who answered: the
// same exchange is judged once for all targets, seeds and plans).
//
//   trial   attack "judge.language_model", target the judge's model, sample the digest of
//           prompt, answer and reference
//   record  outcome and score as judged, observed {"reason": ...}
//
// A reply that is neither YES nor NO is a verdict, too: `unjudged`, and not asked again. A
// model that does not answer leaves no verdict; the next run asks again.

namespace ringfort::campaign {

Trial VerdictTrial(const judges::JudgeCard& judge, const engines::ModelFacts& model, const judges::Exchange& exchange);

// The judge as the log tells it: unjudged where it was not asked yet.
class LoggedVerdicts final : public judges::Judge {
 public:
  LoggedVerdicts(const judges::JudgeCard& card, engines::ModelFacts model) : card_(card), model_(std::move(model)) {}

  const judges::JudgeCard& Card() const override { return card_; }
  judges::Judgment Decide(const judges::Exchange& exchange) override;

  const engines::ModelFacts& model() const { return model_; }
  // Records of other trials are left out.
  void Learn(std::span<const TrialRecord> records);

 private:
  const judges::JudgeCard& card_;
  engines::ModelFacts model_;
  std::map<std::string, judges::Judgment, std::less<>> by_id_{};
};

// An answer that wants a verdict: `id` is that of the verdict, `record` the trial's.
struct WantedVerdict {
  std::string id{};
  const TrialRecord* record = nullptr;
};

// Of each different exchange among `records` one, in their order: those of attacks that make
// a target speak, and that did not end in an error. `records` outlives it.
std::vector<WantedVerdict> WantedVerdicts(const judges::JudgeCard& judge, const engines::ModelFacts& model,
                                          std::span<const TrialRecord> records,
                                          std::span<const attacks::AttackEntry> cards);

// Asks `judge` for those of `wanted` that the log lacks, one after the other, and logs what it
// says. Stops where the user wants it, and after `failures_in_a_row` of its model; then a
// sentence stands in `troubles`. Errors: the store's own.
Result<RunOutcome> AskVerdicts(judges::Judge& judge, const engines::Model& model, std::span<const WantedVerdict> wanted,
                               EvidenceStore& store, const RunOptions& options);

}  // namespace ringfort::campaign
