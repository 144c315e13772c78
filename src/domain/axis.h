#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// Where on the closed loop between data and models a threat works, and when in
// the life of a model.

namespace ringfort {

// The two ends of the loop make four ways through it; an attack is named by what
// it takes and what it yields.
enum class Axis : std::uint8_t {
  kDataToData,    // decryption, watermark removal: data in, data out
  kDataToModel,   // poisoning, backdoors, injection, jailbreaks, evasion
  kModelToData,   // membership inference, inversion, training-data extraction
  kModelToModel,  // extraction, distillation, a tampered model that replaces an honest one
};

// In the order of a model's life.
enum class LifecycleStage : std::uint8_t {
  kDataCollection,
  kTraining,
  kEvaluation,
  kSupplyChain,  // packaging, publishing, downloading, loading
  kDeployment,
  kOperation,
};

inline constexpr std::array<std::string_view, 4> kAxisNames = {"data_to_data", "data_to_model", "model_to_data",
                                                               "model_to_model"};
inline constexpr std::array<std::string_view, 6> kLifecycleStageNames = {"data_collection", "training",   "evaluation",
                                                                         "supply_chain",    "deployment", "operation"};

constexpr std::string_view Name(Axis axis) { return kAxisNames[static_cast<std::size_t>(axis)]; }
constexpr std::string_view Name(LifecycleStage stage) { return kLifecycleStageNames[static_cast<std::size_t>(stage)]; }

constexpr std::optional<Axis> AxisFromName(std::string_view name) {
  for (std::size_t i = 0; i < kAxisNames.size(); ++i)
    if (kAxisNames[i] == name) return static_cast<Axis>(i);
  return std::nullopt;
}
constexpr std::optional<LifecycleStage> LifecycleStageFromName(std::string_view name) {
  for (std::size_t i = 0; i < kLifecycleStageNames.size(); ++i)
    if (kLifecycleStageNames[i] == name) return static_cast<LifecycleStage>(i);
  return std::nullopt;
}

}  // namespace ringfort
