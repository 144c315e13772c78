#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "domain/scan_result.h"
#include "scanners/artifact/inspection.h"

// The verb `scan`: files and folders in, reports out. Files are opened here and
// read in caged workers (isolation/worker_pool.h).

namespace ringfort {

struct ScanRequest {
  std::vector<std::string> paths{};
  scanners::Mode mode = scanners::Mode::kFull;
  scanners::Limits limits{};
  int jobs = 0;  // workers; 0: one a core
  // Asked with digest, size and path before an artifact is analyzed; what it gives
  // is taken over. Null: everything is analyzed. Full mode only.
  std::function<std::optional<ArtifactReport>(const std::string& sha256, std::uint64_t size, const std::string& path)>
      recall{};
  // May change a report (a policy marks what it suppresses) before it is recorded.
  std::function<void(ArtifactReport&)> amend{};
  // Told of each artifact as soon as it is done, in no particular order.
  std::function<Status(const ArtifactReport&)> record{};
};

struct ScanOutcome {
  ScanResult result{};
  bool interrupted = false;  // Progress::GoOn() said no; the rest was not scanned
};

// Fails if a path does not exist, no worker can be started, or `record` fails.
// `progress` may be null. The process must have one thread.
Result<ScanOutcome> RunScan(const ScanRequest& request, Progress* progress);

// Scans bytes in this process and thread, without a cage: for tests, fuzzing and
// benchmarks.
ArtifactReport ScanBytes(std::string path, ByteView bytes, scanners::Mode mode, const scanners::Limits& limits,
                         std::vector<std::string> siblings = {});

// `2026-11-21T10:00:00Z`, now.
std::string UtcNow();

}  // namespace ringfort
