#pragma once

#include <string>

#include "domain/scan_result.h"

namespace ringfort {

// The scan as JSON, schema `ringfort.scan/1`:
//
//   {"schema": "ringfort.scan/1", "tool": {...}, "mode", "started_at", "seconds", "roots": [],
//    "artifacts": [{"path", "sha256", "size", "format", "verdict",
//                   "findings": [{"rule", "severity", "title", "why", "fix", "where": {"container", "offset"},
//                                 "evidence", "threats": [], "count", "suppressed"}],
//                   "skipped": [{"what", "reason", "offset"}], "facts": {}, "from_cache"}],
//    "summary": {...}}
//
// `sha256` is null in structure mode, `offset` where no place is known,
// `suppressed` where the finding counts (else it is the policy's reason). Keys are
// only ever added under this schema name. Indented by two, ends with a newline,
// always valid UTF-8; the same input gives the same bytes.
std::string WriteScanJson(const ScanResult& scan);

}  // namespace ringfort
