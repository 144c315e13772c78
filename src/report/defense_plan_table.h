#pragma once

#include <string>
#include <string_view>

#include "domain/reasoning.h"

namespace ringfort {

// `reasoning.defense` for a terminal: what to deploy in order and what each buys, which
// ways stay open, what chance in the choice would save, how much each defense covers.
// Every number with its ground in brackets. Printable UTF-8, at most 50 rows a list,
// each list saying how many it left out; one sentence if there is no plan.
std::string WriteDefensePlan(const Reasoning& reasoning);

// The same as JSON, schema `ringfort.defense_plan/1`: {"schema", "target", "defense": PLAN
// or null}, PLAN as in reasoning_json.h. Same promises.
std::string WriteDefensePlanJson(const Reasoning& reasoning, std::string_view target);

}  // namespace ringfort
