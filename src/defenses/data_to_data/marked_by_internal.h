#pragma once

#include <memory>
#include <utility>

#include "defenses/defense.h"
#include "defenses/marked_model.h"

namespace ringfort::defenses::data_to_data {

inline constexpr SettingCard kKeySetting = {"key", 15485863, 0, 9007199254740992, "the secret"};
inline constexpr SettingCard kGreenSetting = {"green", 0.25, 0.01, 0.99, "share of the tokens that are green"};
inline constexpr SettingCard kBiasSetting = {"bias", 2, 0, 100, "nats that a green logit is raised by"};

// REQUIRES: a rule that MarkingScheme::Make takes, which the bounds of the cards see to.
inline std::unique_ptr<engines::Model> MarkedBy(engines::Model& inner, watermarks::SchemeKind kind,
                                                const Settings& settings, std::uint32_t width,
                                                std::uint32_t layers = 30) {
  watermarks::SchemeRule rule{
      .kind = kind, .key = static_cast<std::uint64_t>(settings["key"]), .width = width, .layers = layers};
  if (kind <= watermarks::SchemeKind::kUnigram) {
    rule.green = settings["green"];
    rule.bias = settings["bias"];
  }
  return std::make_unique<MarkedModel>(inner, std::move(watermarks::MarkingScheme::Make(rule)).value());
}

}  // namespace ringfort::defenses::data_to_data
