#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "defenses/defense.h"

namespace ringfort::defenses {

// Every defense of every axis, in the order in which `list` shows them.
std::vector<DefenseEntry> AllDefenses();

// Nothing for a name that no defense has.
std::optional<DefenseEntry> FindDefense(std::string_view name);

}  // namespace ringfort::defenses
