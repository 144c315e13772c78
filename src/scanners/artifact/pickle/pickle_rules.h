#pragma once

#include <span>

#include "domain/rule.h"

// The cards of what is held against pickles. The judgment is in pickle_judge.h.

namespace ringfort::scanners {

extern const RuleCard& kPickleDangerousCall;       // RF-PKL-001
extern const RuleCard& kPickleDangerousReference;  // RF-PKL-002
extern const RuleCard& kPickleUnknownCall;         // RF-PKL-003
extern const RuleCard& kPickleUnknownReference;    // RF-PKL-004
extern const RuleCard& kPickleHiddenName;          // RF-PKL-005
extern const RuleCard& kPickleRewritesGlobal;      // RF-PKL-006
extern const RuleCard& kPickleCodeObject;          // RF-PKL-007
extern const RuleCard& kPickleNestedLoader;        // RF-PKL-008
extern const RuleCard& kPickleResourceBomb;        // RF-PKL-009
extern const RuleCard& kPickleBreaksAfterPayload;  // RF-PKL-010
extern const RuleCard& kPickleExtensionRegistry;   // RF-PKL-011
extern const RuleCard& kPickleOddStructure;        // RF-PKL-012
extern const RuleCard& kPickleTrailingBytes;       // RF-PKL-013
extern const RuleCard& kPicklePersistentId;        // RF-PKL-014
extern const RuleCard& kPickleOutOfBandBuffer;     // RF-PKL-015
extern const RuleCard& kPicklePlantedMethod;       // RF-PKL-016
extern const RuleCard& kPickleForgedName;          // RF-PKL-017

std::span<const RuleCard> PickleRules();

}  // namespace ringfort::scanners
