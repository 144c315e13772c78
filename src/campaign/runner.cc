#include "campaign/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

#include "attacks/budget.h"
#include "attacks/text_observer.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort::campaign {
namespace {

using attacks::AttackEntry;

using Clock = std::chrono::steady_clock;

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

class Run {
 public:
  Run(const Plan& plan, const Texts& texts, std::span<const Subject> subjects, std::span<const AttackEntry> cards,
      const TrialList& list, EvidenceStore& store, const RunOptions& options)
      : plan_(plan), texts_(texts), subjects_(subjects), list_(list), store_(store), options_(options) {
    for (const PlannedAttack& attack : plan.attacks) {
      entries_.push_back(&EntryOf(attack.name, cards));
    }
    if (!texts.background.empty()) proposals_.emplace(texts.background);
    for (const LabeledText& text : texts.texts) members_ += text.member ? 1 : 0;
  }

  Result<RunOutcome> Make() {
    TRY_STATUS(FindPending());
    for (std::uint32_t s = 0; s < subjects_.size() && !outcome_.stopped; ++s) {
      Visit visit{s, attacks::Budget(Bound(plan_.budget.queries), Bound(plan_.budget.tokens)), Clock::now(), 0, false};
      TRY_STATUS(TryAttacks(visit, true));
      for (const std::uint64_t seed : plan_.seeds) TRY_STATUS(ReadTexts(visit, seed));
      TRY_STATUS(TryAttacks(visit, false));
    }
    TRY_STATUS(ReadSets());
    TRY_STATUS(Flush());
    return std::move(outcome_);
  }

 private:
  // What one target has cost so far.
  struct Visit {
    std::uint32_t subject = 0;
    attacks::Budget budget;
    Clock::time_point started;
    std::uint32_t failures = 0;
    bool left = false;
  };
  using Pending = std::vector<const ListedTrial*>;

  Settings SettingsFor(const ListedTrial& trial) const {
    return SettingsOf(plan_.attacks[trial.attack], *entries_[trial.attack], trial.trial.seed);
  }

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

  template <class Way>
  Pending PendingOf(std::uint32_t subject, std::uint64_t seed) const {
    Pending chosen;
    for (const ListedTrial* trial : pending_)
      if (trial->subject == subject && (trial->trial.seed == 0 || trial->trial.seed == seed) &&
          std::holds_alternative<Way>(entries_[trial->attack]->way))
        chosen.push_back(trial);
    return chosen;
  }

  bool GoOn(Visit& visit) {
    if (outcome_.stopped || visit.left) return false;
    if (options_.progress != nullptr) {
      options_.progress->Show(outcome_.known + outcome_.made + buffer_.size(), outcome_.listed, 0, 0);
      if (!options_.progress->GoOn()) outcome_.stopped = true;
    }
    if (plan_.budget.seconds > 0 && SecondsSince(visit.started) >= plan_.budget.seconds)
      Leave(visit, fmt::format("its {} seconds are spent", plan_.budget.seconds));
    return !outcome_.stopped && !visit.left;
  }

  void Leave(Visit& visit, std::string_view why) {
    visit.left = true;
    outcome_.troubles.push_back(fmt::format("{}: {}", subjects_[visit.subject].Name(), why));
  }

  // True if the target is to be asked on.
  bool Survives(Visit& visit, const Error& error) {
    if (error.fault == Fault::kLimitExceeded) return Leave(visit, error.what), false;
    if (++visit.failures < options_.failures_in_a_row) return true;
    Leave(visit, fmt::format("left after {} failures in a row: {}", visit.failures, error.what));
    return false;
  }

  // Members and held-out texts in turn: a budget that is spent midway leaves as many of both.
  std::uint32_t Turn(std::uint32_t text) const {
    if (text == kModelItself) return 0;
    return texts_.texts[text].member ? 2 * text : 2 * (text - members_) + 1;
  }

  std::uint32_t TurnOf(const ListedTrial& trial) const {
    return texts_.samples.contains(plan_.attacks[trial.attack].name) ? trial.text : Turn(trial.text);
  }

  Status ReadTexts(Visit& visit, std::uint64_t seed) {
    std::map<std::uint32_t, Pending> by_text;
    for (const ListedTrial* trial : PendingOf<attacks::TextReader>(visit.subject, seed))
      if (!done_.contains(trial)) by_text[Turn(trial->text)].push_back(trial);
    for (auto at = by_text.begin(); at != by_text.end() && GoOn(visit);) {
      std::vector<const Pending*> chunk;
      for (; at != by_text.end() && chunk.size() < options_.texts_at_once; ++at) chunk.push_back(&at->second);
      TRY(fault, ReadChunk(visit, seed, chunk));
      if (!fault) continue;
      if (MayPass(fault->fault)) {
        Survives(visit, *fault);
        continue;
      }
      // One text may have spoiled it for all.
      for (const Pending* one : chunk) {
        if (!GoOn(visit)) break;
        TRY(alone, ReadChunk(visit, seed, {&one, 1}));
        if (!alone) continue;
        if (MayPass(alone->fault)) {
          Survives(visit, *alone);
          continue;
        }
        for (const ListedTrial* trial : *one) TRY_STATUS(Add(*trial, Failed(*alone), {}, 0));
      }
    }
    return Done{};
  }

  // The target's fault, if it had one; an Error of ours is the store's.
  Result<std::optional<Error>> ReadChunk(Visit& visit, std::uint64_t seed, std::span<const Pending* const> chunk) {
    const Subject& subject = subjects_[visit.subject];
    attacks::ObserverOptions observer;
    std::vector<std::string> texts;
    for (const Pending* trials : chunk) {
      texts.push_back(texts_.texts[trials->front()->text].text);
      for (const ListedTrial* trial : *trials)
        observer.needs = observer.needs.Union(std::get<attacks::TextReader>(entries_[trial->attack]->way).views);
    }
    observer.prefix = texts_.prefix;
    observer.neighbors = plan_.neighbors;
    observer.proposals = proposals_ ? &*proposals_ : nullptr;
    observer.reference = subject.reference;
    observer.seed = seed;
    const engines::Usage before = subject.model->Used();
    const auto started = Clock::now();
    const auto views = attacks::ObserveTexts(*subject.model, texts, observer, visit.budget);
    if (!views.ok()) return std::optional(views.error());
    visit.failures = 0;
    const double seconds = SecondsSince(started) / static_cast<double>(chunk.size());
    const engines::Usage after = subject.model->Used();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      // Each text bears its share of the cost, at one of the attacks that read it, so
      // that sums hold.
      const auto share = [&](std::uint64_t total) { return total / chunk.size() + (i < total % chunk.size() ? 1 : 0); };
      engines::Usage used = {share(after.queries - before.queries), share(after.tokens_in - before.tokens_in),
                             share(after.tokens_out - before.tokens_out)};
      for (const ListedTrial* trial : *chunk[i]) {
        const auto& reader = std::get<attacks::TextReader>(entries_[trial->attack]->way);
        const std::optional<double> score = reader.read(views.value()[i], SettingsFor(*trial));
        TrialRecord record;
        if (score && std::isfinite(*score)) {
          record.score = *score;
          record.observed = "{}";
        } else {
          record = Failed({Fault::kInvalidInput, "the text is too short for this attack, or was cut"});
        }
        TRY_STATUS(Add(*trial, std::move(record), std::exchange(used, {}), trial == chunk[i]->front() ? seconds : 0));
      }
    }
    return std::optional<Error>{};
  }

  // Those on the model as such, or those on texts.
  Status TryAttacks(Visit& visit, bool on_model) {
    for (const std::uint64_t seed : plan_.seeds) {
      Pending trials = PendingOf<attacks::MakeAttack>(visit.subject, seed);
      std::erase_if(trials, [&](const ListedTrial* trial) {
        return (trial->text == kModelItself) != on_model || done_.contains(trial);
      });
      std::ranges::stable_sort(trials, {}, [&](const ListedTrial* trial) { return TurnOf(*trial); });
      for (const ListedTrial* trial : trials) {
        if (!GoOn(visit)) return Done{};
        TRY_STATUS(TryOne(visit, *trial));
      }
    }
    return Done{};
  }

  Status TryOne(Visit& visit, const ListedTrial& trial) {
    engines::Model& model = *subjects_[visit.subject].model;
    const attacks::AttackCard& card = entries_[trial.attack]->card;
    const attacks::Sample sample = SampleOf(plan_, texts_, trial);
    const auto attack = std::get<attacks::MakeAttack>(entries_[trial.attack]->way)(SettingsFor(trial));
    const engines::Usage before = model.Used();
    const auto started = Clock::now();
    const auto attempt = attack->Try(model, sample, visit.budget);
    const engines::Usage after = model.Used();
    const engines::Usage used = {after.queries - before.queries, after.tokens_in - before.tokens_in,
                                 after.tokens_out - before.tokens_out};
    if (!attempt.ok()) {
      if (!MayPass(attempt.error().fault)) return Add(trial, Failed(attempt.error()), used, SecondsSince(started));
      Survives(visit, attempt.error());
      return Done{};
    }
    visit.failures = 0;
    TrialRecord record;
    record.score = std::isfinite(attempt.value().score) ? attempt.value().score : 0;
    record.observed = ObservedText(attempt.value());
    if (card.shows == attacks::Shows::kAnswer && !attempt.value().expected.empty()) {
      record.judge = fmt::format("{}/1", kVerbatim);
      record.outcome =
          attempt.value().produced.starts_with(attempt.value().expected) ? Outcome::kSucceeded : Outcome::kFailed;
    }
    // What the engine knows of the model and the attacker does not.
    if (const std::uint32_t truth = card.sought == nullptr ? 0 : model.Facts().*card.sought; truth > 0) {
      record.judge = "declared_fact/1";
      record.outcome = record.score == static_cast<double>(truth) ? Outcome::kSucceeded : Outcome::kFailed;
    }
    return Add(trial, std::move(record), used, SecondsSince(started));
  }

  // Attacks that learn from the whole set see it whole, however little is missing.
  Status ReadSets() {
    if (outcome_.stopped) return Done{};
    std::map<std::pair<std::uint32_t, std::uint64_t>, Pending> sets;
    for (const ListedTrial* trial : pending_)
      if (std::holds_alternative<attacks::SetReader>(entries_[trial->attack]->way))
        sets[{trial->attack, trial->trial.seed}].push_back(trial);
    if (sets.empty()) return Done{};
    std::vector<attacks::LabeledView> views;
    for (const LabeledText& text : texts_.texts) {
      views.emplace_back();
      views.back().view.text = text.text;
      views.back().member = text.member;
    }
    for (const auto& [key, trials] : sets) {
      const auto& reader = std::get<attacks::SetReader>(entries_[key.first]->way);
      const auto started = Clock::now();
      const auto scores = reader.read(views, {}, SettingsFor(*trials.front()));
      for (const ListedTrial* trial : trials) {
        TrialRecord record;
        if (scores.ok()) record.score = scores.value()[trial->text];
        if (scores.ok()) record.observed = "{}";
        if (!scores.ok()) record = Failed(scores.error());
        TRY_STATUS(Add(*trial, std::move(record), {}, SecondsSince(started) / static_cast<double>(trials.size())));
      }
    }
    return Done{};
  }

  static TrialRecord Failed(const Error& error) {
    TrialRecord record;
    record.outcome = Outcome::kError;
    record.observed = Printable(error.what);
    return record;
  }

  Status Add(const ListedTrial& trial, TrialRecord record, engines::Usage used, double seconds) {
    record.id = trial.id;
    record.trial = trial.trial;
    record.label = LabelOf(plan_, texts_, trial);
    record.queries = used.queries;
    record.tokens_in = used.tokens_in;
    record.tokens_out = used.tokens_out;
    record.seconds = seconds;
    record.measured_at = options_.now();
    record.tool_version = options_.tool_version;
    done_.insert(&trial);
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
  std::vector<const AttackEntry*> entries_;
  std::optional<attacks::WordProposals> proposals_;
  std::uint32_t members_ = 0;  // they come first
  Pending pending_;
  std::unordered_set<const ListedTrial*> done_;
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
