#include "defenses/data_to_data/left_hash_watermark.h"

#include "defenses/data_to_data/marked_by_internal.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {
    kKeySetting, kGreenSetting, kBiasSetting, {"width", 1, 1, 16, "tokens before that choose the list"}};

constexpr DefenseCard kCard{
    .name = "left_hash_watermark",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Mark text by a green list that the tokens before each token choose",
    .mitigation = "mitigation.robust_watermark",
    .reference = "arXiv:2301.10226",
    .settings = kSettings,
};

}  // namespace

DefenseEntry LeftHashWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return MarkedBy(inner, watermarks::SchemeKind::kLeftHash, settings,
                            static_cast<std::uint32_t>(settings.Count("width")));
          }};
}

}  // namespace ringfort::defenses::data_to_data
