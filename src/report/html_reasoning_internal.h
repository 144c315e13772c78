#pragma once

#include <string>

#include "report/html_state_cards_internal.h"

namespace ringfort {

// The part of a report that says how far an attacker gets: the graph, the likeliest ways,
// the loop gain, what can leak, what to put up first. Complete without script.
std::string ReasoningSection(const ReasoningPage& page);

// Steps in order, each with its chance and ground; for the script, data-steps.
std::string WayCard(const Reasoning& reasoning, const AttackWay& way, std::size_t number);

// Bounds on leakage, worst first as they come.
std::string LeakageTable(const Reasoning& reasoning);

// The plan of defenses, then the cuts that close every way to a state.
std::string DefenseParts(const Reasoning& reasoning);

}  // namespace ringfort
