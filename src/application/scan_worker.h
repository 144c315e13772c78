#pragma once

#include <optional>
#include <string>
#include <vector>

#include "isolation/worker_pool.h"
#include "scanners/artifact/inspection.h"

namespace ringfort {

// What a scan worker is asked; travels as text.
struct ScanTask {
  std::string path{};
  scanners::Mode mode = scanners::Mode::kFull;
  bool digest_only = false;
  std::string known_sha256{};           // not hashed again if set
  std::vector<std::string> siblings{};  // names of the other files in its folder, where they matter
};

std::string EncodeScanTask(const ScanTask& task);
std::optional<ScanTask> DecodeScanTask(std::string_view text);

// Makes the work of a scan worker: maps the file, hashes it on a second thread
// while the first one judges it, and answers with an encoded ArtifactReport.
std::function<Work()> ScanWork(const scanners::Limits& limits);

}  // namespace ringfort
