#pragma once

#include <string>

#include "domain/assessment.h"

namespace ringfort {

// The assessment as JSON, schema `ringfort.assessment/1`:
//
//   {"schema", "tool", "target", "budget", "seed", "verdict",
//    "assets": [{"id", "kind", "location", "verdict", "inferred", "artifacts": [path]}],
//    "ties": [{"from", "relation", "to", "inferred"}],
//    "findings": [{"rule", "severity", "axis", "stage", "asset", "artifact", "where", "suppressed"}],
//    "axes": {axis: count}, "attacks": <as in model_attacks_json_internal.h> or null, "reasoning": <as in
//    reasoning_json.h> or null, "plan": [{"name", "status", "reason"}], "digests": {path: sha256}, "scan":
//    <ringfort.scan/1>}
//
// `inferred` is the reason of what the tool concluded by itself, null where the
// user declared it. Same promises as WriteScanJson.
std::string WriteAssessmentJson(const Assessment& assessment);

}  // namespace ringfort
