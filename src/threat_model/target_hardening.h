#pragma once

#include <vector>

#include "attack_graph/hardening.h"
#include "threat_model/target_attack_graph.h"

namespace ringfort {

// The cheapest mitigations (by the catalog's effort) that touch every way to a state of a
// target, beside those that are in place: were each of them perfect, nobody would
// get there any more. None is, so both chances stand beside the set.
struct TargetHardening {
  bool parted = false;                                      // there is such a set
  std::vector<const knowledge::Mitigation*> mitigations{};  // in the order of the catalog; empty if not parted
  double effort = 0;                                        // of all of them
  double lower_bound = 0;                                   // no set that parts the state takes less
  bool optimal = false;                                     // effort == lower_bound, proven
  std::vector<attack_graph::Step> unanswered{};             // not parted: the most probable way without answers
  double chance_now = 0;                                    // of the state, with what is in place
  double chance_then = 0;                                   // with these too, at the mean of their residuals
};

// `goal` REQUIRES a fact of the graph. The chances are sampled (SamplePropagation), both
// in the same number of worlds. A state that is given, or that follows from what is
// given by steps that no mitigation answers, is not parted.
TargetHardening HardenTarget(const TargetAttackGraph& graph, attack_graph::Fact goal, std::uint64_t samples,
                             std::uint64_t seed);

// The chance of a state once these mitigations are put up beside those in place.
double ChanceWith(const TargetAttackGraph& graph, attack_graph::Fact goal,
                  const std::vector<const knowledge::Mitigation*>& mitigations, std::uint64_t samples,
                  std::uint64_t seed);

}  // namespace ringfort
