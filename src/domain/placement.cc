#include "domain/placement.h"

#include <algorithm>
#include <array>

namespace ringfort {
namespace {

struct Landmark {
  std::string_view prefix;  // of a threat id, up to the end or a dot
  Placement place;
};

// Longer prefixes stand before the shorter ones that they begin with: the first match counts.
constexpr std::array kOwn = {
    Landmark{"data_leak", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"privacy", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"membership_inference", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"prompt_injection", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"jailbreak", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"evasion", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"backdoor.architecture", {Axis::kModelToModel, LifecycleStage::kSupplyChain}},
    Landmark{"backdoor", {Axis::kDataToModel, LifecycleStage::kTraining}},
    Landmark{"poisoning", {Axis::kDataToModel, LifecycleStage::kDataCollection}},
    Landmark{"watermark", {Axis::kDataToData, LifecycleStage::kDataCollection}},
    Landmark{"model_theft", {Axis::kModelToModel, LifecycleStage::kOperation}},
    Landmark{"extraction", {Axis::kModelToModel, LifecycleStage::kOperation}},
    Landmark{"supply_chain.dataset", {Axis::kDataToModel, LifecycleStage::kDataCollection}},
    Landmark{"supply_chain.remote_code", {Axis::kModelToModel, LifecycleStage::kDeployment}},
    Landmark{"supply_chain.resource_exhaustion", {Axis::kModelToModel, LifecycleStage::kDeployment}},
    Landmark{"supply_chain", {Axis::kModelToModel, LifecycleStage::kSupplyChain}},
};

constexpr std::array kAtlas = {
    Landmark{"AML.T0010.002", {Axis::kDataToModel, LifecycleStage::kDataCollection}},
    Landmark{"AML.T0019", {Axis::kDataToModel, LifecycleStage::kDataCollection}},
    Landmark{"AML.T0020", {Axis::kDataToModel, LifecycleStage::kTraining}},
    Landmark{"AML.T0059", {Axis::kDataToModel, LifecycleStage::kDataCollection}},
    Landmark{"AML.T0018.000", {Axis::kDataToModel, LifecycleStage::kTraining}},
    Landmark{"AML.T0043", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0015", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0051", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0054", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0070", {Axis::kDataToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0024.002", {Axis::kModelToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0024", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"AML.T0055", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"AML.T0056", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"AML.T0057", {Axis::kModelToData, LifecycleStage::kOperation}},
    Landmark{"AML.T0005", {Axis::kModelToModel, LifecycleStage::kOperation}},
    Landmark{"AML.T0029", {Axis::kModelToModel, LifecycleStage::kDeployment}},
    Landmark{"AML.T0018", {Axis::kModelToModel, LifecycleStage::kSupplyChain}},
    Landmark{"AML.T0010", {Axis::kModelToModel, LifecycleStage::kSupplyChain}},
};

bool Names(std::string_view threat, std::string_view prefix) {
  return threat.starts_with(prefix) && (threat.size() == prefix.size() || threat[prefix.size()] == '.');
}

template <std::size_t N>
const Placement* Search(const std::array<Landmark, N>& landmarks, std::span<const std::string_view> threats) {
  for (const std::string_view threat : threats) {
    const auto at = std::find_if(landmarks.begin(), landmarks.end(),
                                 [&](const Landmark& landmark) { return Names(threat, landmark.prefix); });
    if (at != landmarks.end()) return &at->place;
  }
  return nullptr;
}

}  // namespace

Placement PlaceOf(std::span<const std::string_view> threats) {
  if (const Placement* place = Search(kOwn, threats)) return *place;
  if (const Placement* place = Search(kAtlas, threats)) return *place;
  return {};
}

}  // namespace ringfort
