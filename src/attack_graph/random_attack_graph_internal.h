#pragma once

#include <vector>

#include "attack_graph/attack_graph.h"
#include "base/random.h"

namespace ringfort::attack_graph {

// A random graph, cycles and shared premises among it, for tests against brute
// force. Probabilities are multiples of 1/8, some of them 0 or 1.
inline AttackGraph RandomAttackGraph(std::size_t facts, std::size_t steps, std::size_t most_premises, Random& random) {
  StepList list;
  for (std::size_t i = 0; i < steps; ++i) {
    std::vector<Fact> premises;
    for (std::uint64_t left = i < 2 ? 0 : 1 + random.Below(most_premises); left > 0; --left)
      premises.push_back(static_cast<Fact>(random.Below(facts)));
    list.Add(premises, static_cast<Fact>(random.Below(facts)), static_cast<double>(random.Below(9)) / 8,
             static_cast<double>(random.Below(4)));
  }
  return AttackGraph(facts, std::move(list));
}

}  // namespace ringfort::attack_graph
