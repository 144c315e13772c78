#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/target.h"
#include "knowledge/catalog/vocabulary.h"
#include "statistics/interval.h"
#include "threat_model/target_attack_graph.h"

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
  struct State {
    std::string asset{};
    std::string capability{};
    double probability = 0;
    statistics::Interval interval{};  // of the sampling alone, 95 %; the priors may be further off
    // The weakest ground on the most probable way there: assumed if one step of it is.
    Provenance ground = Provenance::kMeasured;
  };
  struct PathStep {
    std::string id{};  // StepRule::id
    std::string title{};
    std::string gains{};  // `can(bigram, copied)`
    double probability = 0;
    std::string_view ground{};  // `measured`, `published`, `assumed`, or `definition`: it cannot fail
    Belief belief{};            // of a try that no mitigation hinders; of no meaning for a definition
  };
  struct Path {
    double probability = 0;
    double cost = 0;
    std::vector<PathStep> steps{};
  };
  // See TargetHardening.
  struct Cut {
    bool parted = false;
    std::vector<const knowledge::Mitigation*> mitigations{};
    double effort = 0;
    double lower_bound = 0;
    bool optimal = false;
    std::vector<PathStep> unanswered{};
    double chance_now = 0;
    double chance_then = 0;
    Provenance ground = Provenance::kAssumed;  // the weakest of what goes into chance_then
  };

  Target target{};
  std::size_t observations = 0;         // in the store
  std::size_t unused_observations = 0;  // see TargetAttackGraph
  std::size_t facts = 0;
  std::size_t steps = 0;
  std::uint64_t samples = 0;
  std::uint64_t seed = 0;
  std::vector<State> states{};  // by asset in the target's order, the most probable first
  double loop_gain = 0;
  std::vector<std::string> loop{};  // the facts on the loops that attain it
  std::vector<Path> paths{};
  std::optional<Cut> cut{};
  LeftOutSteps left_out{};  // for want of traits
};

// Errors: the target or the store cannot be read; ids that the catalog or the target
// does not know; a cut without a goal.
Result<TargetThreats> FindTargetThreats(const TargetThreatsRequest& request);

}  // namespace ringfort
