#include "defenses/data_to_data/gumbel_watermark.h"

#include "defenses/data_to_data/marked_by_internal.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {kKeySetting, {"width", 4, 1, 16, "tokens before that the draws depend on"}};

constexpr DefenseCard kCard{
    .name = "gumbel_watermark",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Mark text without changing what is said on average",
    .mitigation = "mitigation.robust_watermark",
    .reference = "arXiv:2307.15593",
    .settings = kSettings,
};

}  // namespace

DefenseEntry GumbelWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return MarkedBy(inner, watermarks::SchemeKind::kGumbel, settings,
                            static_cast<std::uint32_t>(settings.Count("width")));
          }};
}

}  // namespace ringfort::defenses::data_to_data
