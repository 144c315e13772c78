#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "attack_graph/attack_path.h"
#include "base/result.h"
#include "domain/reasoning.h"
#include "domain/target.h"
#include "threat_model/observed_capability.h"
#include "threat_model/target_attack_graph.h"

namespace ringfort {

struct ReasonRequest {
  std::vector<ObservedCapability> observed{};
  TargetOptions options{};
  std::uint64_t samples = 100'000;  // worlds to toss
  std::uint64_t seed = 1;
  std::string goal{};             // `ASSET:CAPABILITY`: ways are looked for to this state alone
  std::size_t goals = 3;          // else to how many, the worst first
  std::size_t ways_per_goal = 3;  // at most 1000
};

// What one target's attack graph says, and that graph for whoever goes on with it.
struct ReasonedTarget {
  TargetAttackGraph graph{};
  Reasoning reasoning{};                          // without leakage and defense
  std::vector<std::size_t> fact_state{};          // by Fact: the index into reasoning.states, or kNoState
  std::vector<std::size_t> step_index{};          // by Step: the index into reasoning.steps, or kNoState
  attack_graph::Fact goal = attack_graph::kNone;  // that of the request

  static constexpr std::size_t kNoState = ~std::size_t{0};
  // The way in terms of reasoning.states and reasoning.steps.
  AttackWay Describe(attack_graph::Fact goal, const attack_graph::AttackPath& path) const;
};

// What a state of this asset costs its owner: the catalog's harm times the asset's worth.
double LossOf(const knowledge::Catalog& catalog, const Asset& asset, std::string_view capability);

// Which states can be reached and how probably, the loop gain and what carries it, and
// the ways to the goal, or to the worst states (by loss times probability) with what would
// cut them. Errors: as BuildTargetAttackGraph; a goal that nothing leads to.
Result<ReasonedTarget> Reason(const Target& target, const ReasonRequest& request);

}  // namespace ringfort
