#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/observation.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort {

struct EvidenceFile {
  std::vector<Observation> observations{};  // in the order of the file
  std::vector<std::string> faults{};        // `FILE:LINE: what`; with one of them nothing should be recorded
};

// Reads observations that somebody made, from comma-separated values, tab-separated
// ones (if the header line holds a tab) or JSON (if the text begins so): a list of
// objects, or an object with the list `observations`, as `ringfort evidence list --format
// json` writes it. Columns, in any order:
//
//   step         StepRule::id; one that can be measured
//   successes    of
//   trials       both whole numbers
//   source       which run, file or paper
//   measured_at  RFC 3339: 2026-11-21T10:00:00Z
//   asset        (optional) the id of the asset that was tried; empty: it holds for any
//   mitigations  (optional) Mitigation::ids in place meanwhile, with blanks or semicolons between; JSON: a list
//   adaptive     (optional) true if those who tried knew the mitigations, else false or empty
//   seed         (optional) 0 if empty
//   tool_version (optional) of the Ringfort that measured
//   id           (optional) must be that of the rest
//
// At most 16 MiB and a million cells. Of many faults the first hundred are told.
EvidenceFile ReadEvidence(std::string_view text, std::string_view name, const knowledge::Catalog& catalog);

}  // namespace ringfort
