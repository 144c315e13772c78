#pragma once

#include <string>

#include "domain/assessment.h"
#include "domain/scan_result.h"

namespace ringfort {

// The scan as SARIF 2.1.0 (OASIS, errata 01), for code-scanning pages.
//
// - Every rule stands in the driver with help, `security-severity` (0-10, which such
//   pages sort by) and its threats as tags; CWE and MITRE ATLAS are taxonomies that
//   the rules point into.
// - critical and high are errors, medium a warning, low a note.
// - A finding's place is the artifact's file; a byte offset is given where it
//   counts from the start of that file, and the member of a container is a logical
//   location.
// - A suppressed finding carries its suppression; nothing is left out.
// - A part that was not read is a notification of the invocation.
// - `ringfort/v1` fingerprints depend on rule, container and evidence, not on the
//   offset, so a finding that moved is still the same.
std::string WriteScanSarif(const ScanResult& scan);

// The same of an assessment's scan. What was reasoned of the target stands in property
// bags: that of the run has `loop_gain` ({"value", "ground"}, see reasoning_json.h) and
// `loop`, the names of the states on the loops that attain it; that of a result has
// `states`, the names of those that the finding shows, if it shows one.
std::string WriteAssessmentSarif(const Assessment& assessment);

}  // namespace ringfort
