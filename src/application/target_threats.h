#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/reasoning.h"
#include "domain/target.h"
#include "threat_model/target_attack_graph.h"
#include "threat_model/target_hardening.h"

namespace ringfort {

struct TargetThreatsRequest {
  std::string target{};  // a folder, or its ringfort.toml
  TargetOptions options{};
  std::string goal{};  // `ASSET:CAPABILITY`; empty: no paths are looked for
  std::size_t paths = 5;
  bool cut = false;     // look for the mitigations that touch every way to the goal
  std::string store{};  // evidence store whose observations update the priors; empty: none
  std::uint64_t samples = 100'000;
  std::uint64_t seed = 1;
};

// How far an attacker gets in one target, by the catalog's steps.
struct TargetThreats {
  // See TargetHardening.
  struct Cut {
    TargetHardening hardening{};
    std::vector<std::size_t> unanswered{};     // indices into reasoning.steps
    Provenance ground = Provenance::kAssumed;  // the weakest of what goes into hardening.chance_then
  };

  Target target{};
  std::size_t observations = 0;         // in the store
  std::size_t unused_observations = 0;  // see TargetAttackGraph
  std::size_t facts = 0;
  std::size_t steps = 0;
  Reasoning reasoning{};          // its ways lead to the goal
  std::vector<Belief> beliefs{};  // by reasoning.steps: of a try that no mitigation hinders
  std::optional<Cut> cut{};
  LeftOutSteps left_out{};  // for want of traits
};

// Errors: the target or the store cannot be read; ids that the catalog or the target
// does not know; a cut without a goal.
Result<TargetThreats> FindTargetThreats(const TargetThreatsRequest& request);

}  // namespace ringfort
