#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "domain/provenance.h"
#include "knowledge/catalog/catalog.h"
#include "statistics/optimal_clusters.h"

namespace ringfort::knowledge {

// What clusters are made by. Names are values of the property `cluster`.
enum class TechniqueMeasure : std::uint8_t {
  kAttackSuccess,  // the best chance among the technique's steps: the mean of the prior, 1 if certain
  kStealth,        // the chance to go past the best mitigation that detects one of its steps; 1 if none does
  kCost,           // the least cost among its steps, on the scale of StepRule::cost
};
inline constexpr std::array<std::string_view, 3> kTechniqueMeasureNames = {"attack_success", "stealth", "cost"};
constexpr std::string_view Name(TechniqueMeasure measure) {
  return kTechniqueMeasureNames[static_cast<std::size_t>(measure)];
}

// The techniques that have steps, divided by one measure. Ours: of the published
// clusters of arXiv 2512.23132 only the numbers of them are public.
struct TechniqueClusters {
  struct Member {
    std::string technique{};  // Technique::id
    double value = 0;
    Provenance ground = Provenance::kAssumed;
  };
  TechniqueMeasure measure = TechniqueMeasure::kAttackSuccess;
  std::vector<Member> members{};        // in the catalog's order
  statistics::Clustering clustering{};  // of them; empty if there are none
};

inline constexpr double kClusterUnexplained = 0.05;  // share of the variance that may stay within clusters
inline constexpr std::size_t kMostClusters = 5;      // a measure

TechniqueClusters ClusterTechniques(const Catalog& catalog, TechniqueMeasure measure);

}  // namespace ringfort::knowledge
