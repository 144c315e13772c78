#include "defenses/model_to_model/token_watermark.h"

#include <memory>
#include <utility>

#include "defenses/marked_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr SettingCard kSettings[] = {
    {"green", 0.25, 0.01, 0.99, "share of the vocabulary that is green behind each token"},
    {"bias", 2, 0, 100, "that a green logit is raised by"},
    {"key", 15485863, 0, 9007199254740992, "the secret"}};

constexpr DefenseCard kCard{
    .name = "token_watermark",
    .version = "2",
    .axis = Axis::kModelToModel,
    .goal = "Mark answers so that a copy trained on them carries the mark",
    .mitigation = "mitigation.ownership_mark",
    .reference = "arXiv:2301.10226",
    .settings = kSettings,
};

}  // namespace

DefenseEntry TokenWatermark() {
  return {
      kCard, [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
        // The bounds of the card are those of the rule, so that making it cannot fail.
        auto scheme = watermarks::MarkingScheme::Make(
            {.key = static_cast<std::uint64_t>(settings["key"]), .green = settings["green"], .bias = settings["bias"]});
        return std::make_unique<MarkedModel>(inner, std::move(scheme).value());
      }};
}

}  // namespace ringfort::defenses::model_to_model
