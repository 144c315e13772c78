#pragma once

#include <vector>

#include "attacks/attack.h"

namespace ringfort::attacks::data_to_data {

// Every attack of this folder, in the order in which `list` shows them.
std::vector<AttackEntry> Family();

}  // namespace ringfort::attacks::data_to_data
