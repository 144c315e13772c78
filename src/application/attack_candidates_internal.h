#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/scan_result.h"
#include "domain/target.h"

namespace ringfort {

inline constexpr std::string_view kScriptedSource = "scripted:";

// A model of a target that can be tried, or why it cannot. attack_models.h says which are.
struct AttackCandidate {
  std::string asset{};
  std::string id{};      // of the plan's target
  std::string source{};  // as OpenModel takes it
  std::string shown{};   // the same as the user would write it
  bool endpoint = false;
  bool folder = false;                   // of safetensors, which only libtorch runs
  std::optional<std::uint64_t> width{};  // as its file says
  const TargetCampaign* campaign = nullptr;
  std::string reference{};     // a model to compare with, as `source`; empty: none
  std::string no_reference{};  // why the one that was named cannot be used
  std::string judge{};         // a model that judges; the same two
  std::string no_judge{};
  std::string obstacle{};
  bool failed = false;  // the obstacle is a fault and no choice
};

// One for each model, in the order of the assets: each GGUF file, each folder of safetensors,
// each `source`, each endpoint. Whatever is to be loaded must be scanned and clean, of a folder
// every file. Links out of the scanned tree are not scanned, so nothing behind them is loaded.
// `target` and `scan` outlive what is returned.
std::vector<AttackCandidate> FindCandidates(const Target& target, const std::vector<Asset>& assets,
                                            const ScanResult& scan, bool ask_endpoints);

}  // namespace ringfort
