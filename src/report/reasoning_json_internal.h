#pragma once

#include "base/json.h"
#include "domain/reasoning.h"

namespace ringfort {

// The documents that reasoning_json.h describes, for reports that carry one inside.
Json ReasoningDocument(const Reasoning& reasoning);

// {"value", "ground"}
Json LoopGainDocument(const Reasoning& reasoning);

// null where no plan was made.
Json DefensePlanDocument(const Reasoning& reasoning);

}  // namespace ringfort
