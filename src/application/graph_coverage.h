#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "threat_model/defense_coverage.h"

// `ringfort graph coverage`: how much of the known threats each mitigation answers.

namespace ringfort {

struct CatalogCoverage {
  std::vector<DefenseCoverage> mitigations{};
  std::vector<ResidualBelief> measured{};  // what the store says, see MeasureResiduals; of these mitigations alone
  std::size_t observations = 0;            // in the store
  bool with_store = false;
};

// Of the catalog that is compiled in; see FindDefenseCoverage. `mitigations` may be
// given without `mitigation.` in front. Of the evidence `store` (empty: none) what was
// measured takes the place of the catalog's residuals. Errors: those of ListEvidence
// and FindDefenseCoverage.
Result<CatalogCoverage> FindCatalogCoverage(std::vector<std::string> mitigations, const std::string& store = "");

// For a person, with the cells of each if `cells`; and {"schema": "ringfort.defense-coverage/1", ...}.
std::string WriteCoverageTable(const CatalogCoverage& coverage, bool cells);
std::string WriteCoverageJson(const CatalogCoverage& coverage);

}  // namespace ringfort
