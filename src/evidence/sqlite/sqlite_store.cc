#include "evidence/sqlite/sqlite_store.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "evidence/sqlite/schema_internal.h"

namespace ringfort {
namespace {

using sqlite::Connection;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::string_view kRunColumns =
    "id, kind, started_at, finished_at, tool_version, rule_set_version, mode, limits, seed, arguments";

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Run ReadRun(const Statement& row) {
  Run run;
  run.id = row.Text(0);
  for (std::size_t kind = 0; kind < kRunKindNames.size(); ++kind)
    if (row.Text(1) == kRunKindNames[kind]) run.kind = static_cast<RunKind>(kind);
  run.started_at = row.Text(2);
  if (!row.IsNull(3)) run.finished_at = row.Text(3);
  run.tool_version = row.Text(4);
  run.rule_set_version = row.Text(5);
  run.mode = row.Text(6);
  run.limits = row.Text(7);
  run.seed = row.Unsigned(8);
  if (const auto arguments = ParseJson(row.Text(9)); arguments.ok() && arguments.value().is_array())
    for (const Json& argument : arguments.value())
      if (argument.is_string()) run.arguments.push_back(argument.get<std::string>());
  return run;
}

ArtifactReport ReadArtifact(const Statement& row) {
  ArtifactReport artifact;
  artifact.path = row.Text(1);
  artifact.sha256 = row.Text(2);
  artifact.size = row.Unsigned(3);
  artifact.format = row.Text(4);
  if (const auto facts = ParseJson(row.Text(5)); facts.ok() && facts.value().is_object())
    for (const auto& [key, value] : facts.value().items())
      if (value.is_string()) artifact.facts[key] = value.get<std::string>();
  return artifact;
}

// Not one mitigation where the text is not what we write: the id tells.
Observation ReadObservation(const Statement& row) {
  Observation observation;
  observation.id = row.Text(0);
  observation.step = row.Text(1);
  observation.asset = row.Text(2);
  if (const auto mitigations = ParseJson(row.Text(3)); mitigations.ok() && mitigations.value().is_array())
    for (const Json& mitigation : mitigations.value())
      if (mitigation.is_string()) observation.mitigations.push_back(mitigation.get<std::string>());
  observation.adaptive = row.Integer(4) != 0;
  observation.successes = row.Unsigned(5);
  observation.trials = row.Unsigned(6);
  observation.source = row.Text(7);
  observation.measured_at = row.Text(8);
  observation.tool_version = row.Text(9);
  observation.seed = row.Unsigned(10);
  return observation;
}

TrialRecord ReadTrial(const Statement& row) {
  TrialRecord record;
  record.id = row.Text(0);
  record.trial = {row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Unsigned(7)};
  record.label = row.Text(8);
  // An outcome that we do not know can only come from outside: nobody could tell.
  record.outcome = OutcomeFromName(row.Text(9)).value_or(Outcome::kUnjudged);
  record.judge = row.Text(10);
  record.score = row.Real(11);
  record.observed = row.Text(12);
  record.queries = row.Unsigned(13);
  record.tokens_in = row.Unsigned(14);
  record.tokens_out = row.Unsigned(15);
  record.seconds = row.Real(16);
  record.measured_at = row.Text(17);
  record.tool_version = row.Text(18);
  return record;
}

std::uint64_t ReadOffset(const Statement& row, int column) {
  return row.IsNull(column) ? kNoOffset : row.Unsigned(column);
}

class SqliteStore final : public EvidenceStore {
 public:
  explicit SqliteStore(Connection connection) : connection_(std::move(connection)) {}

  Status Begin(const Run& run) override {
    if (run.id.empty()) return Error{Fault::kInvalidInput, "a run needs an id"};
    TRY(transaction, Transaction::Begin(connection_));
    TRY(known, Statement::Prepare(connection_, "SELECT 1 FROM runs WHERE id = ?1"));
    known.Bind(run.id);
    TRY(is_known, known.Step());
    if (is_known) return Error{Fault::kInvalidInput, fmt::format("the store already has a run {}", run.id)};
    TRY(insert, Statement::Prepare(connection_,
                                   "INSERT INTO runs (id, kind, started_at, tool_version, rule_set_version, mode, "
                                   "limits, seed, arguments) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    const std::string arguments = Dump(Json(run.arguments));
    TRY_STATUS(insert.Run(run.id, Name(run.kind), run.started_at, run.tool_version, run.rule_set_version, run.mode,
                          run.limits, run.seed, arguments));
    return transaction.Commit();
  }

  Status Append(std::string_view run, std::span<const ArtifactReport> artifacts) override {
    TRY(transaction, Transaction::Begin(connection_));
    TRY(number, OpenRun(run));
    TRY(insert_artifact,
        Statement::Prepare(connection_,
                           "INSERT INTO artifacts (run, path, file_name, sha256, size, format, verdict, facts) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    TRY(insert_finding,
        Statement::Prepare(connection_,
                           "INSERT INTO findings (artifact, rule, severity, container, offset, evidence, count, "
                           "suppressed) VALUES (?1, ?2, ?3, ?4, nullif(?5, -1), ?6, ?7, ?8)"));
    TRY(insert_skipped, Statement::Prepare(connection_,
                                           "INSERT INTO skipped_parts (artifact, what, reason, offset) "
                                           "VALUES (?1, ?2, ?3, nullif(?4, -1))"));
    for (const ArtifactReport& artifact : artifacts) {
      const std::string facts = Dump(Json(artifact.facts));
      TRY_STATUS(insert_artifact.Run(number, artifact.path, FileName(artifact.path), artifact.sha256, artifact.size,
                                     artifact.format, Name(artifact.verdict()), facts));
      const std::int64_t row = sqlite3_last_insert_rowid(connection_.get());
      for (const Finding& finding : artifact.findings) {
        TRY_STATUS(insert_finding.Run(row, finding.rule, Name(finding.severity), finding.where.container,
                                      finding.where.offset, finding.evidence, finding.count, finding.suppressed));
      }
      for (const SkippedPart& part : artifact.skipped)
        TRY_STATUS(insert_skipped.Run(row, part.what, part.reason, part.offset));
    }
    return transaction.Commit();
  }

  Status Finish(std::string_view run, std::string_view finished_at) override {
    TRY(transaction, Transaction::Begin(connection_));
    TRY(number, OpenRun(run));
    TRY(update, Statement::Prepare(connection_, "UPDATE runs SET finished_at = ?2 WHERE number = ?1"));
    TRY_STATUS(update.Run(number, finished_at));
    return transaction.Commit();
  }

  Result<std::vector<Run>> List() override {
    TRY(select,
        Statement::Prepare(connection_, fmt::format("SELECT {} FROM runs ORDER BY started_at, number", kRunColumns)));
    std::vector<Run> runs;
    while (true) {
      TRY(row, select.Step());
      if (!row) return runs;
      runs.push_back(ReadRun(select));
    }
  }

  Result<RunRecord> Load(std::string_view run) override {
    // One read transaction: all of the record is of one moment, whoever writes.
    TRY_STATUS(connection_.Execute("BEGIN"));
    auto loaded = LoadNow(run);
    TRY_STATUS(connection_.Execute("COMMIT"));
    return loaded;
  }

  Result<std::optional<ArtifactReport>> Find(const CacheKey& key, std::string_view path) override {
    if (key.sha256.empty()) return std::optional<ArtifactReport>{};
    TRY(select,
        Statement::Prepare(connection_,
                           "SELECT a.number, a.path, a.sha256, a.size, a.format, a.facts FROM artifacts a "
                           "JOIN runs r ON r.number = a.run WHERE a.sha256 = ?1 AND a.size = ?2 AND a.file_name = ?3 "
                           "AND r.tool_version = ?4 AND r.rule_set_version = ?5 AND r.mode = ?6 AND r.limits = ?7 "
                           "AND NOT EXISTS (SELECT 1 FROM skipped_parts s WHERE s.artifact = a.number) "
                           "ORDER BY a.run DESC, a.number DESC LIMIT 1"));
    select.Bind(key.sha256, key.size, FileName(path), key.tool_version, key.rule_set_version, key.mode, key.limits);
    TRY(row, select.Step());
    if (!row) return std::optional<ArtifactReport>{};
    ArtifactReport artifact = ReadArtifact(select);
    TRY_STATUS(AddParts(select.Integer(0), artifact));
    return std::optional(Recalled(std::move(artifact), path));
  }

  Result<std::size_t> Record(std::span<const Observation> observations) override {
    for (const Observation& observation : observations) TRY_STATUS(CheckObservation(observation));
    TRY(transaction, Transaction::Begin(connection_));
    TRY(insert, Statement::Prepare(connection_,
                                   "INSERT INTO observations (id, step, asset, mitigations, adaptive, successes, "
                                   "trials, source, measured_at, tool_version, seed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                                   "?7, ?8, ?9, ?10, ?11) ON CONFLICT(id) DO NOTHING"));
    std::size_t added = 0;
    for (const Observation& observation : observations) {
      const std::string mitigations = Dump(Json(observation.mitigations));
      TRY_STATUS(insert.Run(observation.id, observation.step, observation.asset, mitigations,
                            observation.adaptive ? 1 : 0, observation.successes, observation.trials, observation.source,
                            observation.measured_at, observation.tool_version, observation.seed));
      added += static_cast<std::size_t>(sqlite3_changes(connection_.get()));
    }
    TRY_STATUS(transaction.Commit());
    return added;
  }

  Result<std::vector<Observation>> Observations() override {
    TRY(select, Statement::Prepare(connection_,
                                   "SELECT id, step, asset, mitigations, adaptive, successes, trials, source, "
                                   "measured_at, tool_version, seed FROM observations ORDER BY measured_at, id"));
    std::vector<Observation> observations;
    while (true) {
      TRY(row, select.Step());
      if (!row) return observations;
      observations.push_back(ReadObservation(select));
      if (!CheckObservation(observations.back()).ok())
        return Error{Fault::kInvalidInput, fmt::format("the observation {} in the evidence store is damaged",
                                                       Printable(observations.back().id, 80))};
    }
  }

  Result<std::size_t> Log(std::string_view run, std::span<const TrialRecord> trials) override {
    for (const TrialRecord& trial : trials) TRY_STATUS(CheckTrialRecord(trial));
    TRY(transaction, Transaction::Begin(connection_));
    TRY(number, OpenRun(run));
    TRY(insert,
        Statement::Prepare(connection_,
                           "INSERT INTO trials (run, id, attack, attack_version, defense, target, sample, settings, "
                           "seed, label, outcome, judge, score, observed, queries, tokens_in, tokens_out, seconds, "
                           "measured_at, tool_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                           "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) ON CONFLICT(id) DO NOTHING"));
    std::size_t added = 0;
    for (const TrialRecord& record : trials) {
      const Trial& trial = record.trial;
      TRY_STATUS(insert.Run(number, record.id, trial.attack, trial.attack_version, trial.defense, trial.target,
                            trial.sample, trial.settings, trial.seed, record.label, Name(record.outcome), record.judge,
                            record.score, record.observed, record.queries, record.tokens_in, record.tokens_out,
                            record.seconds, record.measured_at, record.tool_version));
      added += static_cast<std::size_t>(sqlite3_changes(connection_.get()));
    }
    TRY_STATUS(transaction.Commit());
    return added;
  }

  Result<std::vector<TrialRecord>> FindTrials(std::span<const std::string> ids) override {
    TRY(select, Statement::Prepare(connection_,
                                   "SELECT id, attack, attack_version, defense, target, sample, settings, seed, label, "
                                   "outcome, judge, score, observed, queries, tokens_in, tokens_out, seconds, "
                                   "measured_at, tool_version FROM trials WHERE id = ?1"));
    std::vector<TrialRecord> found;
    for (const std::string& id : ids) {
      select.Bind(id);
      TRY(row, select.Step());
      if (!row) continue;
      found.push_back(ReadTrial(select));
      if (!CheckTrialRecord(found.back()).ok())
        return Error{Fault::kInvalidInput,
                     fmt::format("the trial {} in the evidence store is damaged", Printable(id, 80))};
    }
    return found;
  }

 private:
  // The row of a run that may still be written to.
  Result<std::int64_t> OpenRun(std::string_view run) {
    TRY(select, Statement::Prepare(connection_, "SELECT number, finished_at FROM runs WHERE id = ?1"));
    select.Bind(run);
    TRY(row, select.Step());
    if (!row) return Error{Fault::kInvalidInput, fmt::format("the store has no run {}", run)};
    if (!select.IsNull(1)) return Error{Fault::kInvalidInput, fmt::format("the run {} is finished already", run)};
    return select.Integer(0);
  }

  Status AddParts(std::int64_t artifact_row, ArtifactReport& artifact) {
    if (!select_findings_) {
      TRY(findings, Statement::Prepare(connection_,
                                       "SELECT rule, severity, container, offset, evidence, count, suppressed "
                                       "FROM findings WHERE artifact = ?1 ORDER BY number"));
      TRY(skipped, Statement::Prepare(connection_,
                                      "SELECT what, reason, offset FROM skipped_parts WHERE artifact = ?1 "
                                      "ORDER BY number"));
      select_findings_.emplace(std::move(findings));
      select_skipped_.emplace(std::move(skipped));
    }
    select_findings_->Bind(artifact_row);
    while (true) {
      const Statement& at = *select_findings_;
      TRY(row, select_findings_->Step());
      if (!row) break;
      // A severity that we do not know can only come from outside; take it seriously.
      const Severity severity = SeverityFromName(at.Text(1)).value_or(Severity::kCritical);
      artifact.findings.push_back(
          {at.Text(0), severity, {at.Text(2), ReadOffset(at, 3)}, at.Text(4), at.Unsigned(5), at.Text(6)});
    }
    select_skipped_->Bind(artifact_row);
    while (true) {
      TRY(row, select_skipped_->Step());
      if (!row) break;
      artifact.skipped.push_back({select_skipped_->Text(0), select_skipped_->Text(1), ReadOffset(*select_skipped_, 2)});
    }
    return Done{};
  }

  Result<RunRecord> LoadNow(std::string_view run) {
    TRY(select_run,
        Statement::Prepare(connection_, fmt::format("SELECT {}, number FROM runs WHERE id = ?1", kRunColumns)));
    select_run.Bind(run);
    TRY(known, select_run.Step());
    if (!known) return Error{Fault::kInvalidInput, fmt::format("the store has no run {}", run)};
    RunRecord record{ReadRun(select_run), {}};
    TRY(select, Statement::Prepare(connection_,
                                   "SELECT number, path, sha256, size, format, facts FROM artifacts WHERE run = ?1 "
                                   "ORDER BY number"));
    select.Bind(select_run.Integer(10));
    while (true) {
      TRY(row, select.Step());
      if (!row) return record;
      record.artifacts.push_back(ReadArtifact(select));
      TRY_STATUS(AddParts(select.Integer(0), record.artifacts.back()));
    }
  }

  Connection connection_;  // first: statements end before it does
  std::optional<Statement> select_findings_;
  std::optional<Statement> select_skipped_;
};

}  // namespace

Result<std::unique_ptr<EvidenceStore>> OpenSqliteStore(const std::string& path, const SqliteStoreOptions& options) {
  const auto access = options.read_only ? Connection::Access::kRead : Connection::Access::kWrite;
  TRY(connection, Connection::Open(path, access, options.busy_milliseconds));
  // Is it ours at all? Before anything is changed: not even its journal mode.
  TRY_STATUS(connection.Execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL"));
  if (!options.read_only) {
    TRY(tables, connection.Number("SELECT count(*) FROM sqlite_master"));
    TRY(application, connection.Number("PRAGMA application_id"));
    if (tables == 0 || application == sqlite::kApplicationId)
      TRY_STATUS(connection.Execute("PRAGMA journal_mode = WAL"));
  }
  TRY_STATUS(sqlite::PrepareSchema(connection, path, !options.read_only));
  return std::unique_ptr<EvidenceStore>(new SqliteStore(std::move(connection)));
}

}  // namespace ringfort
