#pragma once

#include <cstddef>
#include <string>

#include "domain/scan_result.h"

namespace ringfort {

struct TableOptions {
  std::size_t width = 100;  // columns of the terminal; below 40 counts as 40
  bool color = false;       // ANSI colors
  bool all = false;         // show clean artifacts and every finding
};

// The scan for a person at a terminal:
//
//   MALICIOUS  models/headline.pt                                   pytorch-zip  48.2 MB
//     critical  RF-PKL-001  Loading this file runs a system command
//               at   models/headline.pt!/archive/data.pkl, byte 31
//               saw  GLOBAL 'posix system' | ...
//               do   Do not load the file...
//     not read  member x: the stream ends early, byte 512
//
// Worst artifacts first, else in the scan's order. Clean artifacts without a remark
// are only counted, unless there are at most three of them in all; of one artifact
// at most 12 findings are shown. Suppressed findings are counted in the last
// lines. Names and evidence are made printable first, so no file can steer the
// terminal.
std::string WriteScanTable(const ScanResult& scan, const TableOptions& options);

}  // namespace ringfort
