#include "defenses/data_to_data/unigram_watermark.h"

#include "defenses/data_to_data/marked_by_internal.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {
    kKeySetting, {"green", 0.5, 0.01, 0.99, "share of the tokens that are green"}, kBiasSetting};

constexpr DefenseCard kCard{
    .name = "unigram_watermark",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Mark text by one green list for all places, which edits hardly wear off",
    .mitigation = "mitigation.robust_watermark",
    .reference = "arXiv:2306.17439",
    .settings = kSettings,
};

}  // namespace

DefenseEntry UnigramWatermark() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return MarkedBy(inner, watermarks::SchemeKind::kUnigram, settings, 0);
          }};
}

}  // namespace ringfort::defenses::data_to_data
