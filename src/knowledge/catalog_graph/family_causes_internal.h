#pragma once

#include <string>
#include <vector>

#include "knowledge/catalog/catalog.h"

namespace ringfort::knowledge {

// One family makes another possible: a step of the first brings an asset to a state
// that a step of the second needs.
struct FamilyCause {
  std::string from{};                 // Family::id
  std::string to{};                   // Family::id, another
  std::vector<std::string> states{};  // `dataset.read`: kind of asset, state; sorted
};

// All of them, sorted, read off the step rules: ours. Steps that belong to no family
// (plain consequences of access) join nothing.
std::vector<FamilyCause> CausesBetweenFamilies(const Catalog& catalog);

}  // namespace ringfort::knowledge
