#include <fmt/format.h>

#include <array>

#include "evidence/sqlite/schema_internal.h"

namespace ringfort::sqlite {
namespace {

// One step each, never edited once released: a store out there has run it.
// Numbers that are unsigned in the program keep their 64 bits as signed ones; an
// offset that is not known is NULL; severities, verdicts and kinds are names.
constexpr std::array<const char*, 4> kMigrations = {
    R"sql(
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,  -- order of beginning
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,            -- NULL: interrupted
  tool_version TEXT NOT NULL,
  rule_set_version TEXT NOT NULL,
  mode TEXT NOT NULL,
  seed INTEGER NOT NULL,
  arguments TEXT NOT NULL      -- JSON array
);
CREATE TABLE artifacts (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  file_name TEXT NOT NULL,     -- the last step of path
  sha256 TEXT NOT NULL,        -- empty: not taken
  size INTEGER NOT NULL,
  format TEXT NOT NULL,
  verdict TEXT NOT NULL,       -- as it was when stored, for queries
  facts TEXT NOT NULL          -- JSON object
);
CREATE INDEX artifacts_by_run ON artifacts(run);
CREATE TABLE findings (
  number INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifacts(number) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  container TEXT NOT NULL,
  offset INTEGER,
  evidence TEXT NOT NULL,
  count INTEGER NOT NULL,
  suppressed TEXT NOT NULL     -- empty, or the policy's reason
);
CREATE INDEX findings_by_artifact ON findings(artifact);
CREATE INDEX findings_by_rule ON findings(rule);
CREATE TABLE skipped_parts (
  number INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifacts(number) ON DELETE CASCADE,
  what TEXT NOT NULL,
  reason TEXT NOT NULL,
  offset INTEGER
);
CREATE INDEX skipped_parts_by_artifact ON skipped_parts(artifact);
)sql",
    // The cache: the bounds of a run became part of its key. No run of old has bounds
    // equal to '', so none of them is recalled.
    R"sql(
ALTER TABLE runs ADD COLUMN limits TEXT NOT NULL DEFAULT '';
CREATE INDEX artifacts_by_digest ON artifacts(sha256, size);
)sql",
    // What was tried on the target, and how often it worked.
    R"sql(
CREATE TABLE observations (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,     -- SHA-256 over the rest
  step TEXT NOT NULL,
  asset TEXT NOT NULL,         -- empty: any
  mitigations TEXT NOT NULL,   -- JSON array
  adaptive INTEGER NOT NULL,   -- 0 or 1
  successes INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  source TEXT NOT NULL,
  measured_at TEXT NOT NULL,
  tool_version TEXT NOT NULL,  -- empty: another tool
  seed INTEGER NOT NULL
);
CREATE INDEX observations_by_step ON observations(step);
)sql",
    // What a campaign tried, once each.
    R"sql(
CREATE TABLE trials (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,       -- SHA-256 over attack to seed
  attack TEXT NOT NULL,
  attack_version TEXT NOT NULL,
  defense TEXT NOT NULL,         -- empty: none
  target TEXT NOT NULL,
  sample TEXT NOT NULL,
  settings TEXT NOT NULL,
  seed INTEGER NOT NULL,
  label TEXT NOT NULL,
  outcome TEXT NOT NULL,
  judge TEXT NOT NULL,           -- empty: nobody was asked
  score REAL NOT NULL,
  observed TEXT NOT NULL,        -- JSON object, or the sentence of an error
  queries INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL,
  seconds REAL NOT NULL,
  measured_at TEXT NOT NULL,
  tool_version TEXT NOT NULL
);
CREATE INDEX trials_by_run ON trials(run);
)sql",
};

Status Migrate(Connection& connection) {
  TRY(transaction, Transaction::Begin(connection));
  // Again, now that nobody else can write: two processes may have come at once.
  TRY(version, connection.Number("PRAGMA user_version"));
  if (version >= SchemaVersion()) return Done{};
  TRY_STATUS(connection.Execute(kMigrations[static_cast<std::size_t>(version)]));
  TRY_STATUS(connection.Execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str()));
  TRY_STATUS(connection.Execute(fmt::format("PRAGMA user_version = {}", version + 1).c_str()));
  return transaction.Commit();
}

}  // namespace

int SchemaVersion() { return static_cast<int>(kMigrations.size()); }

Status PrepareSchema(Connection& connection, const std::string& path, bool write) {
  TRY(version, connection.Number("PRAGMA user_version"));
  TRY(application, connection.Number("PRAGMA application_id"));
  TRY(tables, connection.Number("SELECT count(*) FROM sqlite_master"));
  const bool blank = version == 0 && application == 0 && tables == 0;
  if (!(blank && write) && application != kApplicationId)
    return Error{Fault::kInvalidInput, fmt::format("{} is a database, but not an evidence store of Ringfort", path)};
  if (version > SchemaVersion())
    return Error{Fault::kInvalidInput,
                 fmt::format("the evidence store {} was written by a newer Ringfort (schema {}, this one knows {})",
                             path, version, SchemaVersion())};
  if (version < (blank ? 0 : 1))
    return Error{Fault::kInvalidInput, fmt::format("the evidence store {} is damaged", path)};
  if (version < SchemaVersion() && !write)
    return Error{
        Fault::kInvalidInput,
        fmt::format("the evidence store {} has the older schema {}; open it once for writing to bring it to {}", path,
                    version, SchemaVersion())};
  for (; version < SchemaVersion(); ++version) TRY_STATUS(Migrate(connection));
  return Done{};
}

}  // namespace ringfort::sqlite
