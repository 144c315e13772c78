#include "defenses/family.h"

#include <iterator>

#include "defenses/data_to_data/family.h"
#include "defenses/data_to_model/family.h"
#include "defenses/model_to_data/family.h"
#include "defenses/model_to_model/family.h"

namespace ringfort::defenses {

std::vector<DefenseEntry> AllDefenses() {
  std::vector<DefenseEntry> all;
  for (std::vector<DefenseEntry>& family : std::vector<std::vector<DefenseEntry>>{
           data_to_data::Family(),
           data_to_model::Family(),
           model_to_data::Family(),
           model_to_model::Family(),
       })
    std::move(family.begin(), family.end(), std::back_inserter(all));
  return all;
}

std::optional<DefenseEntry> FindDefense(std::string_view name) {
  for (DefenseEntry& entry : AllDefenses())
    if (entry.card.name == name) return std::move(entry);
  return std::nullopt;
}

}  // namespace ringfort::defenses
