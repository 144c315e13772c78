#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/defense_cost.h"
#include "domain/provenance.h"

// What follows from a target's assets, ties and findings, by the catalog's steps: how
// far an attacker gets, how fast secrets can leak, and which defenses to put up first.

namespace ringfort {

// A state of an asset that an attacker can bring about, such as `bigram:copied`.
struct ReachedState {
  std::string asset{};       // Asset::id
  std::string capability{};  // as in the catalog
  Quantity probability{};    // the interval is that of the sampling alone
  bool observed = false;     // a finding or a measurement shows it, so it needs no step
};

// A step of the attack graph, instantiated with the target's assets.
struct ReasonedStep {
  std::string id{};  // StepRule::id
  std::string title{};
  std::vector<std::size_t> needs{};  // indices into Reasoning::states
  std::size_t gains = 0;             // index into Reasoning::states
  double probability = 0;            // that a try succeeds
  Provenance ground = Provenance::kAssumed;
  bool certain = false;                // it follows by definition, so there is nothing to measure
  std::uint64_t trials = 0;            // observed here; 0: the number stands on its prior alone
  double loop_share = 0;               // how much the loop gain grows with this step's probability; 0 off the loop
  std::vector<std::string> answers{};  // Mitigation::id of the catalog that answer it
};

// One way to a state: steps, each after those that yield what it needs.
struct AttackWay {
  std::size_t goal = 0;  // index into Reasoning::states
  double probability = 0;
  double cost = 0;                   // the attacker's, on the catalog's scale
  std::vector<std::size_t> steps{};  // indices into Reasoning::steps
};

// The cheapest mitigations that touch every way to a state.
struct HardeningCut {
  std::size_t goal = 0;                    // index into Reasoning::states
  std::vector<std::string> mitigations{};  // Mitigation::id; empty: nothing in the catalog parts it
  double effort = 0;
  bool optimal = false;
  double chance_now = 0;   // of the state, with what is in place
  double chance_then = 0;  // with these too, none of which is perfect
};

// How fast a secret can reach an observer, at most: the least cut of the channels between.
struct LeakagePath {
  std::string secret{};        // `archive: records`
  std::string observer{};      // `strangers at assistant`
  double bits_per_second = 0;  // may be infinity: bounded nowhere
  Provenance ground = Provenance::kAssumed;
  struct CutChannel {
    std::string channel{};  // `bigram answers through assistant`
    double bits_per_use = 0;
    double uses_per_second = 0;
    Provenance ground = Provenance::kAssumed;
    std::string basis{};  // one sentence: where the two numbers come from
    std::string lever{};  // `noise`, `bandwidth`, or empty
    std::string by{};     // Mitigation::id that pulls the lever; empty: none is known
  };
  std::vector<CutChannel> cut{};  // where a limit pays most, best first
  // The secret as it is stored; 0: its size is not known. What can be compressed holds
  // less, and is known sooner.
  double secret_bits = 0;
  double seconds_at_least = 0;  // until so many bits can have come through; 0: not known, or no bound
};

// What to put up first: the portfolio that wins the game against an attacker who picks
// the best way, knowing the portfolio. Losses are the attacker's best chance times the
// worth of what is gained.
struct DefensePlan {
  struct Deployment {
    std::string id{};  // Mitigation::id
    std::string title{};
    DefenseCost cost{};
    double loss_after = 0;                     // with this and all before it in place
    Provenance ground = Provenance::kAssumed;  // of how much it stops
  };
  struct Mixture {
    double probability = 0;
    std::vector<std::string> mitigations{};  // Mitigation::id
  };
  struct Coverage {
    std::string id{};     // Mitigation::id
    double naive = 0;     // defense coverage index against attackers who do not know it, 0 to 1
    double adaptive = 0;  // against those who do
    Provenance ground = Provenance::kAssumed;
  };

  DefenseCost budget{};
  Quantity loss_undefended{};
  Quantity loss{};                   // of the pure portfolio below
  bool optimal = false;              // proven: no portfolio within the budget is better
  double lower_bound = 0;            // no portfolio within the budget loses less
  Quantity mixed_loss{};             // of the mixed strategy: what chance in the choice would save
  std::vector<Deployment> deploy{};  // in order: each is what buys most after those before it
  std::vector<Mixture> mixed{};      // the most probable first
  std::vector<AttackWay> open{};     // the ways that stay the best for the attacker
  std::vector<Coverage> coverage{};  // of the mitigations in question, the widest first
};

struct Reasoning {
  std::vector<ReachedState> states{};  // all that can be reached, by asset, the most probable first
  std::vector<ReasonedStep> steps{};   // those between them
  std::uint64_t samples = 0;           // worlds tossed for the probabilities
  std::uint64_t seed = 0;
  double loop_gain = 0;             // at 1 and above one success breeds, on average, at least another
  std::vector<std::size_t> loop{};  // the states on the loops that attain it
  std::vector<AttackWay> ways{};    // to the worst states, the most probable first
  std::vector<HardeningCut> cuts{};
  std::vector<LeakagePath> leakage{};
  std::optional<DefensePlan> defense{};
};

}  // namespace ringfort
