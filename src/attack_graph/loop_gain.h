#pragma once

#include <span>
#include <vector>

#include "attack_graph/attack_graph.h"

// How strongly compromise feeds itself. A closed loop lets what an attacker gained
// from a model come back as data to that model. Of each step, a premise passes on
// the step's probability times that of its other premises; going once round the
// loops multiplies by the spectral radius of that operator, the *loop gain*. At 1
// and above one success breeds, on average, at least another: defenses on other
// edges then only delay.
//
// The definition is ours: it is the next-generation operator of epidemiology
// (O. Diekmann, J. Heesterbeek, J. Metz, 1990), on capabilities instead of hosts.

namespace ringfort::attack_graph {

struct LoopGain {
  double value = 0;
  double error = 0;                   // the value lies within +- error
  std::vector<double> sensitivity{};  // by step: the derivative of the value by the step's probability
  std::vector<Fact> loop{};           // the facts that stand on the loops that attain it
};

// `probability` by fact, from a propagation of this graph: how likely the other
// premises of a step hold.
LoopGain FindLoopGain(const AttackGraph& graph, std::span<const double> probability);

}  // namespace ringfort::attack_graph
