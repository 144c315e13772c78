#pragma once

#include <cstdint>
#include <vector>

#include "games/attack_core_internal.h"

namespace ringfort::games {

// One portfolio of a mixture, and what is known of it on the core.
struct MixedPortfolio {
  double probability = 0;  // > 0
  const std::vector<double>* weights = nullptr;
  const BestTrees* trees = nullptr;
};

struct AttackerAnswer {
  std::vector<StepTimes> ways{};  // that yield more than the threshold, best first; a few
  double payoff = 0;              // of the best of them; without any, the threshold
  double upper = 0;               // no way yields more
  std::uint64_t labels = 0;
};

// Ways that yield more than `threshold` against a mixture of portfolios, and how much any way
// can. Ends once it found some and they no longer grow fast; after `labels` partial trees; or
// when `upper` is within `slack` of what is known.
//
// Best first from the target down: a partial tree has facts still open, and yields at most
// what the attacker would get who sees which portfolio was drawn before he goes on. Of partial
// trees with the same open facts one is dropped that yields no more than another in any portfolio.
AttackerAnswer AnswerMixture(const AttackCore& core, const std::vector<MixedPortfolio>& mixture, double threshold,
                             double slack, std::uint64_t labels);

}  // namespace ringfort::games
