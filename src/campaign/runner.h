#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "campaign/trial_list.h"
#include "evidence/evidence_store.h"

// Makes those trials of a list that the log lacks, and nothing else. Killed at any
// moment and started again, it ends with the same trials as one run would have.
//
// Each text is scored once for all attacks that read scores. A target that fails is left
// after a few tries, with its sentence; what it did not answer is not logged, so that the
// next run asks again. What it can never answer (a text that it refuses) is logged as an
// error.
//
// Several workers each have the targets opened once more, for themselves; the caller's
// thread writes the log and shows the progress. Which texts are asked about together does
// not depend on how many there are, so that they log what one would have logged, in the
// order in which it was answered. With a budget that gives out, too: see purse_internal.h.
// What was answered while another worker saw that a target fails is logged all the same.

namespace ringfort::campaign {

struct RunOptions {
  std::string_view run{};  // of the store; open
  std::string_view tool_version{};
  std::function<std::string()> now{};   // RFC 3339
  std::uint32_t texts_at_once = 32;     // seen by one call; what a crash may lose
  std::uint32_t trials_at_once = 256;   // logged by one flush, or those of a second
  std::uint32_t failures_in_a_row = 3;  // after which a target is left
  Progress* progress = nullptr;         // none: nullptr
  // Of each further worker the same subjects in the same order, with models of its own; one
  // without a model is left to the others. Empty: the caller's thread does all of it.
  std::span<const std::vector<Subject>> further_workers{};
};

struct RunOutcome {
  std::uint64_t listed = 0;
  std::uint64_t known = 0;              // before this run
  std::uint64_t made = 0;               // by it
  bool stopped = false;                 // by the progress
  std::vector<std::string> troubles{};  // one sentence each: budgets spent, targets that did not answer
  std::uint64_t missing() const { return listed - known - made; }
};

// Errors: the store's own; what was logged before stays. Not thread-safe.
Result<RunOutcome> RunTrials(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                             std::span<const attacks::AttackEntry> cards, const TrialList& list, EvidenceStore& store,
                             const RunOptions& options);

}  // namespace ringfort::campaign
