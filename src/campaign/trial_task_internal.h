#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "attacks/attack.h"
#include "attacks/budget.h"
#include "attacks/word_proposals.h"
#include "base/result.h"
#include "campaign/trial_list.h"
#include "domain/trial.h"

// What a worker does at a time. Which trials stand in a task depends on what is missing
// and on nothing else: what is seen of them is the same whoever does it, and when.

namespace ringfort::campaign {

struct TrialTask {
  std::uint32_t subject = 0;
  std::uint32_t kind = 0;  // tasks of one kind cost about the same: an attack's place in the plan, or kScoring
  std::uint64_t seed = 0;  // of the plan
  // Some texts, which are scored by one call, with the trials that read each; or one trial
  // of an attack that asks by itself.
  std::vector<std::vector<const ListedTrial*>> texts{};
  bool alone = false;  // a share of the budget did not do
};
inline constexpr std::uint32_t kScoring = 0xffffffff;

struct MadeTrial {
  const ListedTrial* trial = nullptr;
  TrialRecord record{};  // what was seen, without identity and time
};

struct TaskResult {
  std::vector<MadeTrial> made{};
  std::vector<std::optional<Error>> answers{};  // in order: none where the target answered, else why it did not
  std::optional<Error> spent{};                 // the budget did not hold the rest
  std::vector<std::vector<const ListedTrial*>> rest{};
  // Of texts that were scored, by number: what attacks on the whole set will want to see.
  std::vector<std::pair<std::uint32_t, attacks::TextView>> kept{};
};

// All that workers share; nothing of it changes while they work.
struct Workbench {
  const Plan& plan;
  const Texts& texts;
  std::vector<const attacks::AttackEntry*> entries{};  // by Plan::attacks
  std::optional<attacks::WordProposals> proposals{};
  std::uint32_t texts_at_once = 32;
  std::uint32_t failures_in_a_row = 3;
  const std::atomic<bool>* stop = nullptr;
  // By subject: what attacks on the whole set are to be shown; none where none asks.
  std::vector<std::optional<attacks::ViewNeeds>> set_views{};

  Settings SettingsFor(const ListedTrial& trial) const {
    return SettingsOf(plan.attacks[trial.attack], *entries[trial.attack], trial.trial.seed);
  }
};

// The tasks of each subject, in the order in which one worker does them: attacks on the
// model as such, texts to be scored, attacks that ask by themselves. Members and held-out
// texts in turn: a budget that is spent midway leaves as many of both. Attacks that learn
// from a whole set are in none of them.
std::vector<std::deque<TrialTask>> ListTasks(const Workbench& bench, std::size_t subjects,
                                             std::span<const ListedTrial* const> pending);

// Asks `subject`, which is that worker's own.
TaskResult DoTask(const Workbench& bench, const TrialTask& task, const Subject& subject, attacks::Budget& budget);

// The record of a trial that can never be made.
TrialRecord FailedTrial(const Error& error);

}  // namespace ringfort::campaign
