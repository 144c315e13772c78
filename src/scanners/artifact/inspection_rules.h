#pragma once

#include <span>

#include "domain/rule.h"

namespace ringfort::scanners {

// The rules that the inspection itself raises, whatever the format.
extern const RuleCard& kExpansionBomb;
extern const RuleCard& kNestedTooDeep;
extern const RuleCard& kNameClaimsOtherFormat;

std::span<const RuleCard> InspectionRules();

}  // namespace ringfort::scanners
