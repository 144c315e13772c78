#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "attack_graph/attack_graph.h"

namespace ringfort::attack_graph {

// Something the defender can do that closes steps for good.
struct Control {
  std::vector<Step> closes{};
  double cost = 1;  // >= 0
};

// The cheapest controls after which a goal cannot be attained: a minimum cut of the
// AND/OR graph.
struct Hardening {
  std::vector<std::size_t> controls{};  // indices, ascending
  double cost = 0;
  double lower_bound = 0;  // no set that parts the goal costs less
  bool optimal = false;    // cost == lower_bound, proven
};

// Nothing if the goal can be attained with every control in place. Where the limit
// of search nodes ends the proof, the set still parts the goal and `lower_bound` says
// how much cheaper a better one could be.
//
// Method: implicit hitting sets (E. Moreno-Centeno, R. Karp, "The implicit hitting set
// approach to solve combinatorial optimization problems", Oper. Res. 61, 2013): each
// way to the goal that the set at hand leaves open becomes a clause "one control on
// it", and the clauses are solved exactly by branch and bound. NP-hard; graphs of
// targets (some hundred steps, some dozen controls) take milliseconds.
std::optional<Hardening> FindHardening(const AttackGraph& graph, Fact goal, const std::vector<Control>& controls,
                                       std::uint64_t search_nodes = 5'000'000);

}  // namespace ringfort::attack_graph
