#pragma once

#include <string_view>
#include <vector>

#include "attacks/attack.h"

namespace ringfort::attacks {

// Every attack of every axis, in the order in which `list` shows them.
std::vector<AttackEntry> AllAttacks();

// Nothing for a name that no attack has.
std::optional<AttackEntry> FindAttack(std::string_view name);

}  // namespace ringfort::attacks
