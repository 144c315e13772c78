#pragma once

#include <memory>
#include <string>

#include "evidence/evidence_store.h"

// The evidence store in one SQLite file (3.35 or newer).
//
// Write-ahead log: one process writes, any number read meanwhile, and a writer
// that is killed leaves what it had acknowledged. A second writer waits for the
// first one's batch, at most `busy_milliseconds`, then fails with kUnavailable.
// `synchronous` is FULL: NORMAL would survive kill -9, but may lose acknowledged
// batches when the power goes; one flush a batch is the price.
//
// Findings and skipped parts are rows (`SELECT rule, count(*) FROM findings GROUP BY
// rule` works with any SQLite tool); facts are JSON text.

namespace ringfort {

struct SqliteStoreOptions {
  bool read_only = false;  // true: never creates, changes or migrates; for `runs list`
  int busy_milliseconds = 5000;
};

// Opens the store at `path`; without read_only it creates the file or migrates an
// older schema. Errors: kUnavailable (no such file or folder, no permission, full
// disk, locked), kInvalidInput (not a store, damaged, or newer than this program).
Result<std::unique_ptr<EvidenceStore>> OpenSqliteStore(const std::string& path, const SqliteStoreOptions& options = {});

}  // namespace ringfort
