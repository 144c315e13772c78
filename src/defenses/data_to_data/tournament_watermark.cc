#include "defenses/data_to_data/tournament_watermark.h"

#include "defenses/data_to_data/marked_by_internal.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {kKeySetting,
                                     {"width", 4, 1, 16, "tokens before that the bits depend on"},
                                     {"layers", 30, 1, 64, "rounds of the tournament"}};

constexpr DefenseCard kCard{
    .name = "tournament_watermark",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Mark text by tournaments among tokens, without changing what is said on average",
    .mitigation = "mitigation.robust_watermark",
    .reference = "doi:10.1038/s41586-024-08025-4",
    .settings = kSettings,
};

}  // namespace

DefenseEntry TournamentWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return MarkedBy(inner, watermarks::SchemeKind::kTournament, settings,
                            static_cast<std::uint32_t>(settings.Count("width")),
                            static_cast<std::uint32_t>(settings.Count("layers")));
          }};
}

}  // namespace ringfort::defenses::data_to_data
