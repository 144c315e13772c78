#include "defenses/model_to_data/family.h"

#include "defenses/model_to_data/deduplication.h"
#include "defenses/model_to_data/memorization_filter.h"

namespace ringfort::defenses::model_to_data {

// Adding one = its three files, one include and one line here.
std::vector<DefenseEntry> Family() {
  return {
      Deduplication(),
      MemorizationFilter(),
  };
}

}  // namespace ringfort::defenses::model_to_data
