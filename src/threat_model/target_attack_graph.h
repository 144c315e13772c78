#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "attack_graph/derivation.h"
#include "base/result.h"
#include "domain/observation.h"
#include "domain/target.h"
#include "knowledge/catalog/catalog.h"
#include "threat_model/belief.h"
#include "threat_model/observed_capability.h"

// The attack graph of one target: the catalog's step rules, instantiated with the
// target's own assets and ties. Facts are `can(ASSET, CAPABILITY)`; a tie gives
// `trained_on(MODEL, DATA)` and the like; an asset's kind `is_model(MODEL)`; a trait that
// its owner says of it `has(MODEL, federated)`. The loop is closed where the target's
// ties close it.

namespace ringfort {

struct TargetAttackGraph {
  // A mitigation of the catalog that answers a step, whether or not it is in place,
  // and what is believed to get through: of attackers who do not know it, and who do.
  struct Answer {
    const knowledge::Mitigation* mitigation = nullptr;
    bool in_place = false;
    Belief naive{};
    Belief adaptive{};

    const Belief& residual(bool to_adaptive) const { return to_adaptive ? adaptive : naive; }
  };
  struct StepOrigin {
    const knowledge::StepRule* rule = nullptr;  // nullptr: a premise of the target itself
    // Of the step's probability: the weakest ground of what it is a product of.
    Provenance provenance = Provenance::kMeasured;
    Belief belief{};                // of a try that nothing hinders; of no meaning without a rule or if it is certain
    std::vector<Answer> answers{};  // in the rule's order

    bool is_uncertain() const { return rule != nullptr && !rule->certain; }
  };

  attack_graph::Derivation derivation{};
  std::vector<StepOrigin> origins{};  // by Step
  bool adaptive = true;               // TargetOptions::adaptive
  // Of steps that do not occur here, or under a mitigation that does not answer them.
  std::size_t unused_observations = 0;

  // The fact that the asset is in this state, or kNone.
  attack_graph::Fact Find(std::string_view asset, std::string_view capability) const;

  // The probability of a step, had the mitigations that `in_place` accepts been put up.
  double ProbabilityWith(attack_graph::Step step, const std::function<bool(const Answer&)>& in_place) const;
};

// Beside what the target says of itself (Target::ruled_out, Target::mitigations).
struct TargetOptions {
  std::set<std::string> ruled_out{};        // StepRule::id: these cannot happen here
  std::set<std::string> mitigations{};      // Mitigation::id in place: what gets through is their residual's mean
  std::set<std::string> removed{};          // Mitigation::id of the target's own: what if it were not in place
  bool adaptive = true;                     // the residual against an attacker who knows the mitigation
  std::vector<Observation> observations{};  // what was measured here; others of the store do no harm
};

// The probability of a step is the mean of what is believed of it (see belief.h), or 1
// where it follows by definition, times that of the residual of each mitigation in
// place that answers it. The assets that a step is about are those that its variables
// stand for.
//
// Errors: kInvalidInput for an observed state of an asset that is not there, or an id
// that the catalog does not know, the removal of what is not in place; kLimitExceeded past the limits of Derive.
Result<TargetAttackGraph> BuildTargetAttackGraph(const knowledge::Catalog& catalog, const Target& target,
                                                 const std::vector<ObservedCapability>& observed,
                                                 const TargetOptions& options = {});

// Steps that would be there, did assets have traits that nobody says of them.
struct LeftOutSteps {
  struct Missing {
    std::string asset{};    // Asset::id
    std::string trait{};    // Trait::id
    std::size_t steps = 0;  // of those left out, the ones that ask for it
  };
  std::size_t steps = 0;           // that ask themselves for a trait which is missing
  std::vector<Missing> missing{};  // the most asked for first
};

// As if every asset had every trait of its kind. Errors as above.
Result<LeftOutSteps> FindLeftOutSteps(const knowledge::Catalog& catalog, const Target& target,
                                      const std::vector<ObservedCapability>& observed,
                                      const TargetOptions& options = {});

}  // namespace ringfort
