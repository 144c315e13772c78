#include "campaign/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "campaign/purse_internal.h"
#include "campaign/set_reading_internal.h"
#include "campaign/trial_task_internal.h"

namespace ringfort::campaign {
namespace {

using attacks::AttackEntry;

using Clock = std::chrono::steady_clock;

constexpr std::size_t kWaiting = 4;  // results a worker, before it waits for the log
constexpr auto kLook = std::chrono::milliseconds(100);

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One target's tasks, and what it has cost so far.
struct Visit {
  std::deque<TrialTask> tasks{};
  Purse purse;
  std::optional<Clock::time_point> started{};
  std::uint32_t failures = 0;
  bool left = false;
  std::string trouble{};  // why it was left
};

struct Assignment {
  TrialTask task{};
  Purse::Loan loan{};
};

// What a worker hands to the log.
struct Delivery {
  Assignment assignment{};
  TaskResult result{};
  attacks::Budget left;
  std::uint64_t tokens = 0;
};

class Run {
 public:
  Run(const Plan& plan, const Texts& texts, std::span<const Subject> subjects, std::span<const AttackEntry> cards,
      const TrialList& list, EvidenceStore& store, const RunOptions& options)
      : plan_(plan),
        texts_(texts),
        subjects_(subjects),
        list_(list),
        store_(store),
        options_(options),
        bench_{plan, texts, {}, {}, options.texts_at_once, options.failures_in_a_row, &stop_, {}} {
    for (const PlannedAttack& attack : plan.attacks) bench_.entries.push_back(&EntryOf(attack.name, cards));
    if (!texts.background.empty()) bench_.proposals.emplace(texts.background);
  }

  Result<RunOutcome> Make() {
    TRY_STATUS(FindPending());
    bench_.set_views.resize(subjects_.size());
    const auto workers = static_cast<std::uint32_t>(1 + options_.further_workers.size());
    for (std::deque<TrialTask>& tasks : ListTasks(bench_, subjects_.size(), pending_))
      visits_.push_back({std::move(tasks), Purse(Bound(plan_.budget.queries), Bound(plan_.budget.tokens), workers)});
    for (const ListedTrial* trial : pending_) KeepViews(*trial);
    TRY_STATUS(workers == 1 ? WorkAlone() : WorkTogether());
    TRY_STATUS(ReadSets());
    TRY_STATUS(Flush());
    // In the order of the targets, whoever was left first.
    for (Visit& visit : visits_)
      if (visit.left) outcome_.troubles.push_back(std::move(visit.trouble));
    return std::move(outcome_);
  }

 private:
  using Pending = std::vector<const ListedTrial*>;

  static std::uint64_t Bound(std::uint64_t planned) { return planned == 0 ? attacks::Budget::kUnlimited : planned; }

  Status FindPending() {
    std::vector<std::string> ids;
    for (const ListedTrial& trial : list_.trials) ids.push_back(trial.id);
    std::unordered_set<std::string> known;
    // Some at a time: of the records themselves nothing is kept.
    for (std::size_t at = 0; at < ids.size(); at += 1000) {
      TRY(records, store_.FindTrials(std::span(ids).subspan(at, std::min<std::size_t>(1000, ids.size() - at))));
      for (const TrialRecord& record : records) known.insert(record.id);
    }
    for (const ListedTrial& trial : list_.trials)
      if (!known.contains(trial.id)) pending_.push_back(&trial);
    outcome_.listed = ids.size();
    outcome_.known = known.size();
    return Done{};
  }

  // What attacks that learn from a set want to see need not be asked for twice.
  void KeepViews(const ListedTrial& trial) {
    const attacks::AttackEntry& entry = *bench_.entries[trial.attack];
    const auto* reader = std::get_if<attacks::SetReader>(&entry.way);
    std::optional<attacks::ViewNeeds>& views = bench_.set_views[trial.subject];
    if (reader != nullptr && !entry.card.needs.empty() && !views)
      views = ViewsOfSet(*reader, texts_, subjects_[trial.subject]);
  }

  // --- by the caller's thread ---

  Status WorkAlone() {
    while (Look()) {
      std::optional<Assignment> next;
      {
        std::unique_lock lock(mutex_);
        next = Next(subjects_, lock);
      }
      if (!next) break;
      TRY_STATUS(Take(Do(std::move(*next), subjects_)));
    }
    return Done{};
  }

  Status WorkTogether() {
    std::vector<std::thread> threads;
    at_work_ = 1 + options_.further_workers.size();
    threads.emplace_back([this] { Work(subjects_); });
    for (const std::vector<Subject>& own : options_.further_workers) threads.emplace_back([this, &own] { Work(own); });
    const Status logged = Collect();
    if (!logged.ok()) Stop();
    for (std::thread& thread : threads) thread.join();
    return logged;
  }

  // Until the last worker has gone and all is logged.
  Status Collect() {
    while (true) {
      Look();
      std::deque<Delivery> arrived;
      {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kLook, [&] { return !deliveries_.empty() || at_work_ == 0; });
        if (deliveries_.empty() && at_work_ == 0) return Done{};
        arrived.swap(deliveries_);
      }
      changed_.notify_all();
      for (Delivery& delivery : arrived) TRY_STATUS(Take(std::move(delivery)));
    }
  }

  // False: the user wants it to stop.
  bool Look() {
    if (options_.progress != nullptr) {
      options_.progress->Show(outcome_.known + outcome_.made + buffer_.size(), outcome_.listed, 0, 0);
      if (!options_.progress->GoOn() && !stop_) {
        outcome_.stopped = true;
        Stop();
      }
    }
    return !stop_;
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
  }

  Status Take(Delivery delivery) {
    {
      const std::lock_guard lock(mutex_);
      Settle(delivery);
    }
    changed_.notify_all();
    for (auto& [text, view] : delivery.result.kept)
      kept_[delivery.assignment.task.subject].try_emplace(text, std::move(view));
    for (MadeTrial& made : delivery.result.made) TRY_STATUS(Add(*made.trial, std::move(made.record)));
    return Done{};
  }

  // --- by any worker ---

  void Work(std::span<const Subject> own) {
    const std::size_t most = kWaiting * (1 + options_.further_workers.size());
    while (true) {
      std::optional<Assignment> next;
      {
        std::unique_lock lock(mutex_);
        next = Next(own, lock);
      }
      if (!next) break;
      Delivery delivery = Do(std::move(*next), own);
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return deliveries_.size() < most || stop_; });
      deliveries_.push_back(std::move(delivery));
      changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    --at_work_;
    changed_.notify_all();
  }

  Delivery Do(Assignment assignment, std::span<const Subject> own) const {
    const Subject& subject = own[assignment.task.subject];
    attacks::Budget budget = assignment.loan.Budget();
    const engines::Usage before = subject.model->Used();
    TaskResult result = DoTask(bench_, assignment.task, subject, budget);
    const engines::Usage after = subject.model->Used();
    const std::uint64_t tokens = after.tokens_in - before.tokens_in + after.tokens_out - before.tokens_out;
    return {std::move(assignment), std::move(result), budget, tokens};
  }

  // --- with the lock held ---

  // The first task that this worker can do; waits where others must come back first. None:
  // nothing is left for it.
  std::optional<Assignment> Next(std::span<const Subject> own, std::unique_lock<std::mutex>& lock) {
    while (!stop_) {
      bool waits = false;
      for (std::size_t s = 0; s < visits_.size(); ++s) {
        Visit& visit = visits_[s];
        if (visit.tasks.empty() || own[s].model == nullptr || !HasTime(visit, s)) continue;
        const TrialTask& task = visit.tasks.front();
        const std::optional<Purse::Loan> loan = visit.purse.Lend(task.kind, task.alone);
        waits = waits || !loan;
        if (!loan) continue;
        Assignment assignment{std::move(visit.tasks.front()), *loan};
        visit.tasks.pop_front();
        return assignment;
      }
      if (!waits) return std::nullopt;
      changed_.wait(lock);
    }
    return std::nullopt;
  }

  bool HasTime(Visit& visit, std::size_t subject) {
    if (visit.left) return false;
    if (!visit.started) visit.started = Clock::now();
    if (plan_.budget.seconds > 0 && SecondsSince(*visit.started) >= plan_.budget.seconds)
      Leave(subject, fmt::format("its {} seconds are spent", plan_.budget.seconds));
    return !visit.left;
  }

  void Leave(std::size_t subject, std::string_view why) {
    if (std::exchange(visits_[subject].left, true)) return;
    visits_[subject].tasks.clear();
    visits_[subject].trouble = fmt::format("{}: {}", subjects_[subject].Name(), why);
  }

  // What an answer, or none, means for what is still to be asked.
  void Settle(Delivery& delivery) {
    const TrialTask& task = delivery.assignment.task;
    Visit& visit = visits_[task.subject];
    visit.purse.Return(delivery.assignment.loan, delivery.left, delivery.tokens);
    for (const std::optional<Error>& answer : delivery.result.answers) {
      visit.failures = answer ? visit.failures + 1 : 0;
      if (visit.failures >= options_.failures_in_a_row)
        Leave(task.subject, fmt::format("left after {} failures in a row: {}", visit.failures, answer->what));
    }
    if (!delivery.result.spent || visit.left) return;
    if (delivery.assignment.loan.whole) return Leave(task.subject, delivery.result.spent->what);
    visit.tasks.push_front({task.subject, task.kind, task.seed, std::move(delivery.result.rest), true});
  }

  // --- the log, by the caller's thread ---

  using SetKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;  // subject, attack, seed

  // Attacks that learn from the whole set see it whole, however little is missing.
  Status ReadSets() {
    std::map<SetKey, Pending> sets;
    for (const ListedTrial* trial : pending_)
      if (std::holds_alternative<attacks::SetReader>(bench_.entries[trial->attack]->way))
        sets[{trial->subject, trial->attack, trial->trial.seed}].push_back(trial);
    for (const auto& [key, trials] : sets)
      if (!stop_) TRY_STATUS(ReadSet(key, trials));
    return Done{};
  }

  Status ReadSet(const SetKey& key, const Pending& trials) {
    const auto& [s, attack, seed] = key;
    const auto& reader = std::get<attacks::SetReader>(bench_.entries[attack]->way);
    const auto started = Clock::now();
    SeenSet seen;
    std::vector<attacks::LabeledView> shadows;
    if (bench_.entries[attack]->card.needs.empty()) {
      seen = UnseenSet(bench_);
    } else {
      Visit& visit = visits_[s];
      if (!HasTime(visit, s)) return Done{};
      const attacks::ViewNeeds views = ViewsOfSet(reader, texts_, subjects_[s]);
      const std::uint64_t first = plan_.seeds.front();
      const auto go_on = [&] { return Look(); };
      const Purse::Loan loan = *visit.purse.Lend(kScoring, true);
      attacks::Budget budget = loan.Budget();
      // Seen on the way was what the first such attack asked for.
      KeptViews own;
      KeptViews& kept = bench_.set_views[s] == views ? kept_[s] : own;
      auto asked = SeeSet(bench_, subjects_[s], views, first, kept, budget, go_on);
      visit.purse.Return(loan, budget, loan.tokens - budget.tokens());
      if (!asked.ok()) return GiveUp(s, asked.error());
      seen = std::move(asked).value();
      if (reader.needs_shadows) {
        auto told = SeeShadows(bench_, subjects_[s], views, first, go_on);
        if (!told.ok()) return GiveUp(s, told.error());
        shadows = std::move(told).value();
      }
    }
    const auto scores = reader.read(seen.views, shadows, bench_.SettingsFor(*trials.front()));
    for (const ListedTrial* trial : trials) {
      const auto refused = seen.refused.find(trial->text);
      TrialRecord record;
      if (!scores.ok() || refused != seen.refused.end()) {
        record = FailedTrial(scores.ok() ? refused->second : scores.error());
      } else {
        record.score = scores.value()[trial->text];
        record.observed = "{}";
      }
      const engines::Usage used = std::exchange(seen.used[trial->text], {});
      record.queries = used.queries;
      record.tokens_in = used.tokens_in;
      record.tokens_out = used.tokens_out;
      record.seconds = SecondsSince(started) / static_cast<double>(trials.size());
      TRY_STATUS(Add(*trial, std::move(record)));
    }
    return Done{};
  }

  // What is not seen whole is not learned from; what the user stopped is no trouble.
  Status GiveUp(std::size_t subject, const Error& error) {
    if (!stop_) Leave(subject, error.what);
    return Done{};
  }

  Status Add(const ListedTrial& trial, TrialRecord record) {
    record.id = trial.id;
    record.trial = trial.trial;
    record.label = LabelOf(plan_, texts_, trial);
    record.measured_at = options_.now();
    record.tool_version = options_.tool_version;
    buffer_.push_back(std::move(record));
    if (buffer_.size() >= options_.trials_at_once || SecondsSince(flushed_) >= 1) return Flush();
    return Done{};
  }

  Status Flush() {
    flushed_ = Clock::now();
    if (buffer_.empty()) return Done{};
    TRY(added, store_.Log(options_.run, buffer_));
    outcome_.made += added;
    buffer_.clear();
    return Done{};
  }

  const Plan& plan_;
  const Texts& texts_;
  std::span<const Subject> subjects_;
  const TrialList& list_;
  EvidenceStore& store_;
  const RunOptions& options_;
  Workbench bench_;
  Pending pending_;
  std::atomic<bool> stop_ = false;

  std::mutex mutex_;  // of the next four
  std::condition_variable changed_;
  std::vector<Visit> visits_;
  std::deque<Delivery> deliveries_;
  std::size_t at_work_ = 0;

  std::map<std::uint32_t, KeptViews> kept_;  // by subject
  std::vector<TrialRecord> buffer_;
  Clock::time_point flushed_ = Clock::now();
  RunOutcome outcome_;
};

}  // namespace

Result<RunOutcome> RunTrials(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                             std::span<const AttackEntry> cards, const TrialList& list, EvidenceStore& store,
                             const RunOptions& options) {
  return Run(plan, texts, subjects, cards, list, store, options).Make();
}

}  // namespace ringfort::campaign
