#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/summary.h"

// How the successes and numbers of attacks that ask the target are told.

namespace ringfort {

// Empty if there is none.
std::string WriteSuccessTable(const campaign::Summary& summary);
nlohmann::ordered_json SuccessJson(const campaign::Summary& summary);
nlohmann::ordered_json NumbersJson(const campaign::Summary& summary);

}  // namespace ringfort
