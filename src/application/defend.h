#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "application/reason.h"
#include "base/result.h"
#include "domain/reasoning.h"

// The verb `defend`: which of the catalog's mitigations to put up first in one target,
// if the attacker knows them and then takes the best way that is left. The game is that
// of games/security_game.h on the target's own attack graph: the goals are all states
// that cost their owner something, the defenses all mitigations that answer a step.

namespace ringfort {

struct DefenseQuestion {
  DefenseCost budget = kUsualBudget;
  bool adaptive = true;       // residuals against attackers who know the defense
  std::uint64_t draws = 100;  // of the beliefs, for the intervals; fewer than 2: none
  std::uint64_t seed = 1;
};

// What is in place already is in the graph and costs nothing more. Errors: those of CheckSecurityGame for a budget that
// is negative or no number; kInvalidInput if nothing that the attacker can reach costs anything.
Result<DefensePlan> PlanDefenses(const Target& target, const ReasonedTarget& reasoned, const DefenseQuestion& question);

struct DefendRequest {
  std::string target{};  // a folder, or its ringfort.toml
  std::string store{};   // evidence store whose observations update what is believed; empty: none
  ReasonRequest reason{};
  std::optional<DefenseCost> budget{};  // none: the target's own, else the usual one
  DefenseQuestion question{};
};

struct Defended {
  Target target{};
  Reasoning reasoning{};
};

Result<Defended> Defend(const DefendRequest& request);

}  // namespace ringfort
