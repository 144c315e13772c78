#pragma once

#include <span>

#include "attack_graph/loop_gain.h"
#include "threat_model/target_attack_graph.h"

namespace ringfort {

// The loop gain of a target (attack_graph/loop_gain.h), without the circles that
// definitions draw within one asset: whoever gets a model's scores has its answers, and who
// has its answers may get its scores, but nothing grows by going round that. Where certain
// steps and others join states of one asset in a circle, the certain ones do not count,
// and have no sensitivity. `probability` by fact.
attack_graph::LoopGain FindTargetLoopGain(const TargetAttackGraph& graph, std::span<const double> probability);

}  // namespace ringfort
