#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "campaign/believed.h"
#include "campaign/summary.h"

// How the successes and numbers of attacks that ask the target are told.

namespace ringfort {

// Empty if there is none.
std::string WriteSuccessTable(const campaign::Summary& summary);
nlohmann::ordered_json SuccessJson(const campaign::Summary& summary);
nlohmann::ordered_json NumbersJson(const campaign::Summary& summary);

// Of each defense the attackers that know of it and those that do not. Empty if there is none.
std::string WriteBelievedTable(std::span<const campaign::BelievedLine> lines);
nlohmann::ordered_json BelievedJson(std::span<const campaign::BelievedLine> lines);

}  // namespace ringfort
