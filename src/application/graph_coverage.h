#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "threat_model/defense_coverage.h"

// `ringfort graph coverage`: how much of the known threats each mitigation answers.

namespace ringfort {

// Of the catalog that is compiled in; see FindDefenseCoverage. `mitigations` may be
// given without `mitigation.` in front.
Result<std::vector<DefenseCoverage>> FindCatalogCoverage(std::vector<std::string> mitigations);

// For a person, with the cells of each if `cells`; and {"schema": "ringfort.defense-coverage/1", ...}.
std::string WriteCoverageTable(const std::vector<DefenseCoverage>& coverage, bool cells);
std::string WriteCoverageJson(const std::vector<DefenseCoverage>& coverage);

}  // namespace ringfort
