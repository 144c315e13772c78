#pragma once

#include <set>
#include <string>
#include <vector>

#include "attack_graph/derivation.h"
#include "base/result.h"
#include "domain/target.h"
#include "knowledge/catalog/catalog.h"
#include "threat_model/observed_capability.h"

// The attack graph of one target: the catalog's step rules, instantiated with the
// target's own assets and ties. Facts are `can(ASSET, CAPABILITY)`; a tie gives
// `trained_on(MODEL, DATA)` and the like; an asset's kind `is_model(MODEL)`. The loop is
// closed where the target's ties close it.

namespace ringfort {

struct TargetAttackGraph {
  struct StepOrigin {
    const knowledge::StepRule* rule = nullptr;  // nullptr: a premise of the target itself
    Provenance provenance = Provenance::kMeasured;
  };

  attack_graph::Derivation derivation{};
  std::vector<StepOrigin> origins{};  // by Step

  // The fact that the asset is in this state, or kNone.
  attack_graph::Fact Find(std::string_view asset, std::string_view capability) const;
};

struct TargetOptions {
  std::set<std::string> ruled_out{};    // StepRule::id: the owner says that these cannot happen here
  std::set<std::string> mitigations{};  // Mitigation::id in place: what gets through is their residual's mean
  bool adaptive = true;                 // the residual against an attacker who knows the mitigation
};

// The probability of a step is its prior's mean, or 1 where it follows by definition,
// times the residual of each mitigation in place that answers it. Errors:
// kInvalidInput for an observation of an asset that is not there, or an id that the
// catalog does not know; kLimitExceeded past the limits of Derive.
Result<TargetAttackGraph> BuildTargetAttackGraph(const knowledge::Catalog& catalog, const Target& target,
                                                 const std::vector<ObservedCapability>& observed,
                                                 const TargetOptions& options = {});

}  // namespace ringfort
