#include "campaign/verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "campaign/exchange_internal.h"

namespace ringfort::campaign {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 32;  // logged by one flush, or those of a second

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool Speaks(const TrialRecord& record, std::span<const attacks::AttackEntry> cards) {
  const auto entry = std::ranges::find(cards, std::string_view(record.trial.attack),
                                       [](const attacks::AttackEntry& known) { return known.card.name; });
  return entry != cards.end() && std::holds_alternative<attacks::MakeAttack>(entry->way) &&
         entry->card.shows == attacks::Shows::kAnswer && record.outcome != Outcome::kError;
}

std::vector<std::string> IdsOf(std::span<const WantedVerdict> wanted) {
  std::vector<std::string> ids;
  for (const WantedVerdict& one : wanted) ids.push_back(one.id);
  return ids;
}

}  // namespace

Trial VerdictTrial(const judges::JudgeCard& judge, const engines::ModelFacts& model, const judges::Exchange& exchange) {
  std::string all;
  for (const std::string_view part : {exchange.prompt, exchange.answer, exchange.reference}) AppendField(all, part);
  return {.attack = fmt::format("judge.{}", judge.name),
          .attack_version = std::string(judge.version),
          .defense = {},
          .target = TargetName(model),
          .sample = Sha256Hex(AsBytes(all)),
          .settings = "engine=" + EngineText(model),
          .seed = 0};
}

judges::Judgment LoggedVerdicts::Decide(const judges::Exchange& exchange) {
  const auto known = by_id_.find(TrialId(VerdictTrial(card_, model_, exchange)));
  if (known == by_id_.end()) return {Outcome::kUnjudged, 0.5, "it was not asked yet"};
  return known->second;
}

void LoggedVerdicts::Learn(std::span<const TrialRecord> records) {
  const std::string name = fmt::format("judge.{}", card_.name);
  for (const TrialRecord& record : records)
    if (record.trial.attack == name) by_id_[record.id] = {record.outcome, record.score, {}};
}

std::vector<WantedVerdict> WantedVerdicts(const judges::JudgeCard& judge, const engines::ModelFacts& model,
                                          std::span<const TrialRecord> records,
                                          std::span<const attacks::AttackEntry> cards) {
  std::vector<WantedVerdict> wanted;
  std::set<std::string> seen;
  for (const TrialRecord& record : records) {
    if (!Speaks(record, cards)) continue;
    const auto observed = ParseJson(record.observed);
    if (!observed.ok() || !observed.value().is_object() || !observed.value().contains("produced")) continue;
    std::string id = TrialId(VerdictTrial(judge, model, ExchangeIn(observed.value())));
    if (seen.insert(id).second) wanted.push_back({std::move(id), &record});
  }
  return wanted;
}

Result<RunOutcome> AskVerdicts(judges::Judge& judge, const engines::Model& model, std::span<const WantedVerdict> wanted,
                               EvidenceStore& store, const RunOptions& options) {
  RunOutcome outcome;
  outcome.listed = wanted.size();
  std::set<std::string> known;
  TRY(logged, store.FindTrials(IdsOf(wanted)));
  for (const TrialRecord& record : logged) known.insert(record.id);
  outcome.known = known.size();
  std::vector<TrialRecord> buffer;
  auto flushed = Clock::now();
  const auto flush = [&]() -> Status {
    flushed = Clock::now();
    if (buffer.empty()) return Done{};
    TRY(added, store.Log(options.run, buffer));
    outcome.made += added;
    buffer.clear();
    return Done{};
  };
  std::uint32_t failures = 0;
  for (const WantedVerdict& one : wanted) {
    if (known.contains(one.id)) continue;
    if (options.progress != nullptr) {
      options.progress->Show(outcome.known + outcome.made + buffer.size(), outcome.listed, 0, 0);
      outcome.stopped = !options.progress->GoOn();
    }
    if (outcome.stopped) break;
    const auto observed = ParseJson(one.record->observed);
    const judges::Exchange exchange = ExchangeIn(observed.value());
    const engines::Usage before = model.Used();
    const auto started = Clock::now();
    const judges::Judgment judgment = judge.Decide(exchange);
    if (judgment.outcome == Outcome::kError && judgment.may_pass) {
      if (++failures < options.failures_in_a_row) continue;
      outcome.troubles.push_back(
          fmt::format("judge {}: left after {} failures in a row: {}", judge.Card().name, failures, judgment.reason));
      break;
    }
    failures = 0;
    const engines::Usage after = model.Used();
    TrialRecord record;
    record.id = one.id;
    record.trial = VerdictTrial(judge.Card(), model.Facts(), exchange);
    record.outcome = judgment.outcome;
    record.judge = fmt::format("{}/{}", judge.Card().name, judge.Card().version);
    record.score = judgment.score;
    record.observed = Json{{"reason", Printable(judgment.reason)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    record.queries = after.queries - before.queries;
    record.tokens_in = after.tokens_in - before.tokens_in;
    record.tokens_out = after.tokens_out - before.tokens_out;
    record.seconds = SecondsSince(started);
    record.measured_at = options.now();
    record.tool_version = options.tool_version;
    buffer.push_back(std::move(record));
    if (buffer.size() >= kAtOnce || SecondsSince(flushed) >= 1) TRY_STATUS(flush());
  }
  TRY_STATUS(flush());
  return outcome;
}

}  // namespace ringfort::campaign
