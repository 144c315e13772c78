#pragma once

#include <string>

#include "study/study_result.h"

namespace ringfort {

// The recomputed repository study as JSON, schema `ringfort.study/1`:
//
//   {"schema", "study", "folder", "claims": [{"id", "claim", "published", "recomputed", "status", "files", "rule",
//   "note"}],
//    "summary": {status: count}, "recomputed": {...}, "exposure": {...}, "missing": [], "faults": []}
//
// `published` and `recomputed` are a number, an object of numbers, or null. A figure
// that is not available is not in `recomputed`; `exposure` is null without its table.
// Same promises as WriteScanJson.
std::string WriteStudyJson(const study::RepositoryStudy& study);

// The same analyses of scans, schema `ringfort.scan-study/1`:
//   {"schema", "grouping", "component", "sources": [...], "exposure": {...}}
std::string WriteScanStudyJson(const study::ScanStudy& study);

}  // namespace ringfort
