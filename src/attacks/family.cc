#include "attacks/family.h"

#include <iterator>

#include "attacks/data_to_data/family.h"
#include "attacks/data_to_model/family.h"
#include "attacks/model_to_data/family.h"
#include "attacks/model_to_model/family.h"

namespace ringfort::attacks {

std::vector<AttackEntry> AllAttacks() {
  std::vector<AttackEntry> all;
  for (std::vector<AttackEntry>& family : std::vector<std::vector<AttackEntry>>{
           data_to_data::Family(),
           data_to_model::Family(),
           model_to_data::Family(),
           model_to_model::Family(),
       })
    std::move(family.begin(), family.end(), std::back_inserter(all));
  return all;
}

std::optional<AttackEntry> FindAttack(std::string_view name) {
  for (AttackEntry& entry : AllAttacks())
    if (entry.card.name == name) return std::move(entry);
  return std::nullopt;
}

}  // namespace ringfort::attacks
