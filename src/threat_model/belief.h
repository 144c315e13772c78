#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/observation.h"
#include "domain/provenance.h"
#include "knowledge/catalog/mitigation.h"
#include "knowledge/catalog/step_rule.h"
#include "statistics/beta_posterior.h"

// What is believed of a target's own numbers: the catalog's prior, updated by what
// was observed. Of two sources the nearer one speaks:
//
//   - observations that name one of the assets at hand, if there are any;
//   - else those that name no asset, or another one: a sibling that was measured
//     says more than a number from elsewhere, but a belief that rests on it says so
//
// so that assets which disagree are never averaged. Which observations belong
// together, and the update of residuals below, are definitions of ours.

namespace ringfort {

struct Belief {
  statistics::BetaPosterior posterior{};
  // Measured once more was tried here than the prior weighs; before that the prior's.
  Provenance ground = Provenance::kAssumed;
  std::uint64_t trials = 0;  // observed; 0: the prior alone
  bool elsewhere = false;    // the trials do not name an asset at hand

  double mean() const { return posterior.mean(); }
  statistics::Interval interval() const { return posterior.CredibleInterval(); }  // 95 %; some microseconds
};

// The chance that a try of this step succeeds where no mitigation stands in its way:
// Beta(a + s, b + n - s) of the rule's prior Beta(a, b) and s successes in n trials
// without mitigations. REQUIRES: the rule is not certain; observations that
// CheckObservation accepts. `assets` are the Asset::ids that the step is about.
Belief BelieveStep(const knowledge::StepRule& rule, std::span<const std::string> assets,
                   std::span<const Observation> observations);

// The chance that an attempt at this step which would have succeeded still does with
// each of the mitigations in place, by their order, against attackers who know it
// (`adaptive`) or do not; the two are kept apart, and so is each step. Of n trials with
// exactly this mitigation in place, n times the base rate would have succeeded without it,
// and no fewer than the s that did; those that did got through:
//
//   Beta(a + s, b + max(0, n x base_rate - s))
//
// of the mitigation's prior residual Beta(a, b). Trials under several of the mitigations at
// once speak of the product of their residuals, and are shared out: see joint_residual.h.
// Those under a mitigation that is not among `mitigations` say nothing. It is
// the base rate's mean that enters: the interval does not widen for what is unknown of it. A
// belief is measured once it weighs more than twice what the prior did: the attempts,
// not the trials, outweigh it.
std::vector<Belief> BelieveResiduals(std::span<const knowledge::Mitigation* const> mitigations, bool adaptive,
                                     const knowledge::StepRule& rule, double base_rate,
                                     std::span<const std::string> assets, std::span<const Observation> observations);

// Where in `mitigations` those of an observation stand, ascending; nothing if one is missing.
std::optional<std::vector<std::size_t>> PlacesOf(const Observation& observation,
                                                 std::span<const knowledge::Mitigation* const> mitigations);

}  // namespace ringfort
