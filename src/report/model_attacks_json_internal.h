#pragma once

#include "base/json.h"
#include "domain/model_attacks.h"

namespace ringfort {

// {"models": [{"asset", "source", "engine", "listed", "made", "queries", "tokens", "detectable_auroc",
//    "length_auroc", "sets_differ",
//    "membership": [{"attack", "defense", "seed", "blind", "members", "held_out", "errors", "missing", "reading",
//                    "auroc", "at_1_percent", "at_1_permille", "above_blind", "above_undefended": quantity,
//                    "adjusted_probability", "growth": [{"texts", "auroc"}], "curve": [[false, true positives]]}],
//    "success": [{"attack", "defense", "seed", "texts", "succeeded", "judged", "unjudged", "errors", "missing",
//                 "rate", "above_undefended": quantity}],
//    "numbers": [{"attack", "defense", "texts", "unit", "samples", "errors", "missing", "mean": quantity,
//                 "least", "most"}],
//    "taken": [{"attack", "defense", "seed", "outcome", "error", "found", "truth", "queries", "spent", "gained",
//               "curve": [[spent, gained]]}],
//    "skipped": [{"what", "reason"}], "troubles": [text]}],
//  "left_out": [{"asset", "source", "reason", "failed", "asked"}]}
//
// A quantity is {"value", "interval": [low, high]}; what was not measured is null.
Json ModelAttacksDocument(const ModelAttacks& attacks);

}  // namespace ringfort
