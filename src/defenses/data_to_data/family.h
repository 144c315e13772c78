#pragma once

#include <vector>

#include "defenses/defense.h"

namespace ringfort::defenses::data_to_data {

// Every defense of this folder, in the order in which `list` shows them.
std::vector<DefenseEntry> Family();

}  // namespace ringfort::defenses::data_to_data
