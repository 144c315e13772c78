#pragma once

#include <span>
#include <vector>

#include "domain/observation.h"
#include "knowledge/catalog/catalog.h"
#include "threat_model/defense_coverage.h"

namespace ringfort {

// What observations say of mitigations by family, for the defense coverage index: the
// prior residual, updated by the tries at every step of that family which the mitigation
// answers, on whatever asset. A try counts as in BelieveResiduals: by what would have
// succeeded at that step without the mitigations, as believed of the step on
// all assets; tries under several mitigations are shared out. Only mitigations with
// tries, by family, those who do not know them first, in the catalog's order.
//
// An index over families mixes steps that a target keeps apart, and assets too: where
// `ringfort graph target` can answer, it says more.
std::vector<ResidualBelief> MeasureResiduals(const knowledge::Catalog& catalog,
                                             std::span<const Observation> observations);

}  // namespace ringfort
