#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "campaign/defense_price.h"

// What defenses cost those who mean no harm, for a person and a program.

namespace ringfort {

// Empty if nothing is known.
std::string WritePriceTable(std::span<const campaign::DefensePrice> prices);
nlohmann::ordered_json PricesJson(std::span<const campaign::DefensePrice> prices);

}  // namespace ringfort
