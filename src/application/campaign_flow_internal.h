#pragma once

#include <string>

#include "base/json.h"
#include "campaign/summary.h"

// What the attacks of a campaign are worth in bits (campaign/attack_flow.h), for a person and a program.

namespace ringfort {

// Empty where nothing tells a flow.
std::string WriteFlowTable(const campaign::Summary& summary);
Json FlowsJson(const campaign::Summary& summary);

}  // namespace ringfort
