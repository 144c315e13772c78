#pragma once

#include <memory>
#include <string>
#include <vector>

#include "application/scan.h"
#include "evidence/evidence_store.h"

// A scan that leaves evidence: the run, each artifact as soon as it is done, and
// what it need not do again because the store knows it.

namespace ringfort {

struct Recording {
  EvidenceStore* store = nullptr;
  RunKind kind = RunKind::kScan;
  std::uint64_t seed = 0;
  std::vector<std::string> arguments{};
  bool use_cache = true;
};

// RunScan with a Recording; `request.record` and `request.recall` are set here.
// An interrupted run stays in the store as interrupted, with what it had. On
// success `run_id` (if given) names the run.
Result<ScanOutcome> RunRecordedScan(ScanRequest request, const Recording& recording, Progress* progress,
                                    std::string* run_id = nullptr);

// Opens the SQLite store at `path`. Fails with a clear sentence where this build
// has no SQLite.
Result<std::unique_ptr<EvidenceStore>> OpenStore(const std::string& path, bool read_only);

}  // namespace ringfort
