#include "defenses/data_to_data/family.h"

#include "defenses/data_to_data/gumbel_watermark.h"
#include "defenses/data_to_data/left_hash_watermark.h"
#include "defenses/data_to_data/self_hash_watermark.h"
#include "defenses/data_to_data/tournament_watermark.h"
#include "defenses/data_to_data/unigram_watermark.h"

namespace ringfort::defenses::data_to_data {

// Adding one = its three files, one include and one line here.
std::vector<DefenseEntry> Family() {
  return {
      LeftHashWatermark(), SelfHashWatermark(), UnigramWatermark(), GumbelWatermark(), TournamentWatermark(),
  };
}

}  // namespace ringfort::defenses::data_to_data
