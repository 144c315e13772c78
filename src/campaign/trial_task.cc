#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <unordered_set>
#include <utility>

#include "attacks/text_observer.h"
#include "base/json.h"
#include "base/text.h"
#include "campaign/set_reading_internal.h"
#include "campaign/trial_task_internal.h"

namespace ringfort::campaign {
namespace {

using Clock = std::chrono::steady_clock;
using Trials = std::vector<const ListedTrial*>;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string ObservedText(const attacks::Attempt& attempt) {
  Json observed = Json::object();
  if (!attempt.prompt.empty()) observed["prompt"] = attempt.prompt;
  observed["produced"] = attempt.produced;
  if (!attempt.known.empty()) observed["known"] = attempt.known;
  if (!attempt.expected.empty()) observed["expected"] = attempt.expected;
  for (const attacks::NamedNumber& number : attempt.numbers)
    if (std::isfinite(number.value)) observed[std::string(number.name)] = number.value;
  if (!attempt.curve.points.empty()) {
    Json points = Json::array();
    for (const attacks::BudgetPoint& point : attempt.curve.points) points.push_back({point.spent, point.gained});
    observed["curve"] = {
        {"spent", attempt.curve.spent}, {"gained", attempt.curve.gained}, {"points", std::move(points)}};
  }
  return observed.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A fault that another day may not have.
bool MayPass(Fault fault) { return fault == Fault::kUnavailable || fault == Fault::kLimitExceeded; }

class Lister {
 public:
  Lister(const Workbench& bench, std::span<const ListedTrial* const> pending) : bench_(bench), pending_(pending) {
    for (const LabeledText& text : bench.texts.texts) members_ += text.member ? 1 : 0;
  }

  std::vector<std::deque<TrialTask>> List(std::size_t subjects) {
    std::vector<std::deque<TrialTask>> tasks(subjects);
    for (std::uint32_t s = 0; s < subjects; ++s) {
      for (const std::uint64_t seed : bench_.plan.seeds) AddAttacks(tasks[s], s, seed, true);
      for (const std::uint64_t seed : bench_.plan.seeds) AddTexts(tasks[s], s, seed);
      for (const std::uint64_t seed : bench_.plan.seeds) AddAttacks(tasks[s], s, seed, false);
    }
    return tasks;
  }

 private:
  // Of a trial in which nothing is drawn the first seed takes care.
  template <class Way>
  Trials Of(std::uint32_t subject, std::uint64_t seed) const {
    Trials chosen;
    for (const ListedTrial* trial : pending_)
      if (trial->subject == subject && (trial->trial.seed == 0 || trial->trial.seed == seed) &&
          std::holds_alternative<Way>(bench_.entries[trial->attack]->way) && !listed_.contains(trial))
        chosen.push_back(trial);
    return chosen;
  }

  std::uint32_t Turn(std::uint32_t text) const {
    if (text == kModelItself) return 0;
    return bench_.texts.texts[text].member ? 2 * text : 2 * (text - members_) + 1;
  }

  std::uint32_t TurnOf(const ListedTrial& trial) const {
    return bench_.texts.samples.contains(bench_.plan.attacks[trial.attack].name) ? trial.text : Turn(trial.text);
  }

  void AddTexts(std::deque<TrialTask>& tasks, std::uint32_t subject, std::uint64_t seed) {
    std::map<std::uint32_t, Trials> by_text;
    for (const ListedTrial* trial : Of<attacks::TextReader>(subject, seed)) {
      by_text[Turn(trial->text)].push_back(trial);
      listed_.insert(trial);
    }
    const std::size_t first = tasks.size();
    for (auto& [turn, trials] : by_text) {
      if (tasks.size() == first || tasks.back().texts.size() >= bench_.texts_at_once)
        tasks.push_back({subject, kScoring, seed, {}, false});
      tasks.back().texts.push_back(std::move(trials));
    }
  }

  // Those on the model as such, or those on texts.
  void AddAttacks(std::deque<TrialTask>& tasks, std::uint32_t subject, std::uint64_t seed, bool on_model) {
    Trials trials = Of<attacks::MakeAttack>(subject, seed);
    std::erase_if(trials, [&](const ListedTrial* trial) { return (trial->text == kModelItself) != on_model; });
    std::ranges::stable_sort(trials, {}, [&](const ListedTrial* trial) { return TurnOf(*trial); });
    for (const ListedTrial* trial : trials) {
      tasks.push_back({subject, trial->attack, seed, {{trial}}, false});
      listed_.insert(trial);
    }
  }

  const Workbench& bench_;
  std::span<const ListedTrial* const> pending_;
  std::uint32_t members_ = 0;  // they come first
  std::unordered_set<const ListedTrial*> listed_{};
};

class Doer {
 public:
  Doer(const Workbench& bench, const TrialTask& task, const Subject& subject, attacks::Budget& budget)
      : bench_(bench), task_(task), subject_(subject), budget_(budget) {}

  TaskResult Do() {
    if (task_.kind != kScoring) {
      TryOne(*task_.texts.front().front());
      return std::move(result_);
    }
    const std::optional<Error> fault = Read(task_.texts);
    if (!fault || MayPass(fault->fault)) return std::move(result_);
    // One text may have spoiled it for all.
    std::uint32_t failures = 0;
    for (std::size_t t = 0; t < task_.texts.size(); ++t) {
      if (bench_.stop != nullptr && *bench_.stop) break;
      const std::optional<Error> alone = Read(std::span(task_.texts).subspan(t, 1));
      if (result_.spent) {
        result_.rest.assign(task_.texts.begin() + static_cast<std::ptrdiff_t>(t), task_.texts.end());
        break;
      }
      if (!alone) {
        failures = 0;
      } else if (MayPass(alone->fault)) {
        if (++failures >= bench_.failures_in_a_row) break;
      } else {
        for (const ListedTrial* trial : task_.texts[t]) Add(*trial, FailedTrial(*alone), {}, 0);
      }
    }
    return std::move(result_);
  }

 private:
  // The target's fault, if it had one.
  std::optional<Error> Read(std::span<const Trials> chunk) {
    attacks::ObserverOptions observer;
    std::vector<std::string> texts;
    for (const Trials& trials : chunk) {
      texts.push_back(bench_.texts.texts[trials.front()->text].text);
      for (const ListedTrial* trial : trials)
        observer.needs = observer.needs.Union(std::get<attacks::TextReader>(bench_.entries[trial->attack]->way).views);
    }
    const std::optional<attacks::ViewNeeds>& whole = bench_.set_views[task_.subject];
    if (whole) observer.needs = observer.needs.Union(*whole);
    observer.prefix = bench_.texts.prefix;
    observer.neighbors = bench_.plan.neighbors;
    observer.proposals = bench_.proposals ? &*bench_.proposals : nullptr;
    observer.reference = subject_.reference;
    observer.seed = task_.seed;
    const engines::Usage before = subject_.model->Used();
    const auto started = Clock::now();
    subject_.model->MeetNewClient();
    const auto views = attacks::ObserveTexts(*subject_.model, texts, observer, budget_);
    if (!views.ok()) {
      Answered(views.error(), chunk);
      return views.error();
    }
    result_.answers.emplace_back();
    const double seconds = SecondsSince(started) / static_cast<double>(chunk.size());
    const engines::Usage after = subject_.model->Used();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      // Each text bears its share of the cost, at one of the attacks that read it, so
      // that sums hold.
      const auto share = [&](std::uint64_t total) { return total / chunk.size() + (i < total % chunk.size() ? 1 : 0); };
      engines::Usage used = {share(after.queries - before.queries), share(after.tokens_in - before.tokens_in),
                             share(after.tokens_out - before.tokens_out)};
      for (const ListedTrial* trial : chunk[i]) {
        const auto& reader = std::get<attacks::TextReader>(bench_.entries[trial->attack]->way);
        const std::optional<double> score = reader.read(views.value()[i], bench_.SettingsFor(*trial));
        TrialRecord record;
        if (score && std::isfinite(*score)) {
          record.score = *score;
          record.observed = "{}";
        } else {
          record = FailedTrial({Fault::kInvalidInput, "the text is too short for this attack, or was cut"});
        }
        Add(*trial, std::move(record), std::exchange(used, {}), trial == chunk[i].front() ? seconds : 0);
      }
      if (whole) result_.kept.emplace_back(chunk[i].front()->text, Restricted(views.value()[i], *whole));
    }
    return std::nullopt;
  }

  void TryOne(const ListedTrial& trial) {
    engines::Model& model = *subject_.model;
    const attacks::AttackEntry& entry = *bench_.entries[trial.attack];
    const attacks::Sample sample = SampleOf(bench_.plan, bench_.texts, trial);
    const auto attack = std::get<attacks::MakeAttack>(entry.way)(bench_.SettingsFor(trial));
    if (subject_.attacker != nullptr) attack->Borrow(*subject_.attacker);
    const engines::Usage before = model.Used();
    const auto started = Clock::now();
    model.MeetNewClient();
    const auto attempt = attack->Try(model, sample, budget_);
    const engines::Usage after = model.Used();
    const engines::Usage used = {after.queries - before.queries, after.tokens_in - before.tokens_in,
                                 after.tokens_out - before.tokens_out};
    if (!attempt.ok()) {
      if (!MayPass(attempt.error().fault))
        Add(trial, FailedTrial(attempt.error()), used, SecondsSince(started));
      else
        Answered(attempt.error(), task_.texts);
      return;
    }
    result_.answers.emplace_back();
    TrialRecord record;
    record.score = std::isfinite(attempt.value().score) ? attempt.value().score : 0;
    record.observed = ObservedText(attempt.value());
    if (entry.card.shows == attacks::Shows::kAnswer && !attempt.value().expected.empty()) {
      record.judge = fmt::format("{}/1", kVerbatim);
      record.outcome =
          attempt.value().produced.starts_with(attempt.value().expected) ? Outcome::kSucceeded : Outcome::kFailed;
    }
    // What the engine knows of the model and the attacker does not.
    if (const std::uint32_t truth = entry.card.sought == nullptr ? 0 : model.Facts().*entry.card.sought; truth > 0) {
      record.judge = "declared_fact/1";
      record.outcome = record.score == static_cast<double>(truth) ? Outcome::kSucceeded : Outcome::kFailed;
    }
    Add(trial, std::move(record), used, SecondsSince(started));
  }

  // What the target did not answer. A refusal of one text says nothing of the target.
  void Answered(const Error& error, std::span<const Trials> chunk) {
    if (error.fault == Fault::kLimitExceeded) {
      result_.spent = error;
      result_.rest.assign(chunk.begin(), chunk.end());
    } else if (MayPass(error.fault)) {
      result_.answers.emplace_back(error);
    }
  }

  void Add(const ListedTrial& trial, TrialRecord record, engines::Usage used, double seconds) {
    record.queries = used.queries;
    record.tokens_in = used.tokens_in;
    record.tokens_out = used.tokens_out;
    record.seconds = seconds;
    result_.made.push_back({&trial, std::move(record)});
  }

  const Workbench& bench_;
  const TrialTask& task_;
  const Subject& subject_;
  attacks::Budget& budget_;
  TaskResult result_{};
};

}  // namespace

std::vector<std::deque<TrialTask>> ListTasks(const Workbench& bench, std::size_t subjects,
                                             std::span<const ListedTrial* const> pending) {
  return Lister(bench, pending).List(subjects);
}

TaskResult DoTask(const Workbench& bench, const TrialTask& task, const Subject& subject, attacks::Budget& budget) {
  return Doer(bench, task, subject, budget).Do();
}

TrialRecord FailedTrial(const Error& error) {
  TrialRecord record;
  record.outcome = Outcome::kError;
  record.observed = Printable(error.what);
  return record;
}

}  // namespace ringfort::campaign
