#pragma once

#include <string>
#include <string_view>

#include "domain/reasoning.h"

namespace ringfort {

// What follows from a target's findings as JSON, schema `ringfort.reasoning/1`:
//
//   {"schema", "target",
//    "reasoning": {
//      "samples", "seed",
//      "states": [{"name", "asset", "capability", "observed",
//                  "probability": {"value", "low", "high", "ground"}}],
//      "steps": [{"id", "title", "needs": [STATE], "gains": STATE, "probability", "ground", "trials",
//                 "loop_share", "answers": [mitigation id]}],
//      "loop_gain": {"value", "ground"}, "loop": [STATE],
//      "ways": [WAY],
//      "cuts": [{"goal": STATE, "mitigations": [id], "effort", "effort_ground", "optimal",
//                "chance_now", "chance_then"}],
//      "leakage": [{"secret", "observer", "bits_per_second", "ground", "seconds_per_bit",
//                   "secret_bits" and "seconds_at_least" where the secret's size is known,
//                   "cut": [{"channel", "bits_per_use", "uses_per_second", "ground", "basis", "lever",
//                            "by": mitigation id or null}]}],
//      "defense": PLAN or null}}
//
//   STATE: {"state": index into "states", "name": "bigram: copied"}
//   WAY:   {"goal": STATE, "probability", "ground", "cost", "cost_ground",
//           "steps": [{"step": index into "steps", "id", "title", "gains": STATE, "probability", "ground"}]}
//   PLAN:  {"budget": COST, "loss_undefended": {"value", "low", "high", "ground"}, "loss": likewise, "optimal",
//           "lower_bound", "mixed_loss": likewise,
//           "deploy": [{"id", "title", "cost": COST, "loss_before", "loss_after", "ground"}],
//           "mixed": [{"probability", "mitigations": [id]}], "open": [WAY],
//           "coverage": [{"id", "title", "naive", "adaptive", "ground"}]}
//   COST:  {"effort", "latency", "utility", "ground"}
//
// A ground is `measured`, `published`, `assumed`, or, of a step or a way that cannot
// fail, `definition`. Numbers have six significant digits. One that is infinite or not a
// number is null, and a member of the same name with `_word` behind says which. The
// text ends with a newline and is valid UTF-8; the same input gives the same bytes.
std::string WriteReasoningJson(const Reasoning& reasoning, std::string_view target);

}  // namespace ringfort
