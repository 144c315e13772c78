#include "defenses/data_to_data/self_hash_watermark.h"

#include "defenses/data_to_data/marked_by_internal.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {
    kKeySetting, kGreenSetting, kBiasSetting, {"width", 4, 1, 16, "tokens that may choose, the marked one among them"}};

constexpr DefenseCard kCard{
    .name = "self_hash_watermark",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Mark text by a green list that the token itself helps to choose",
    .mitigation = "mitigation.robust_watermark",
    .reference = "arXiv:2306.04634",
    .settings = kSettings,
};

}  // namespace

DefenseEntry SelfHashWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return MarkedBy(inner, watermarks::SchemeKind::kSelfHash, settings,
                            static_cast<std::uint32_t>(settings.Count("width")));
          }};
}

}  // namespace ringfort::defenses::data_to_data
