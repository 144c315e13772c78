#pragma once

#include <cstdint>
#include <vector>

#include "games/purse_internal.h"

namespace ringfort::games {

// How little can be lost to a mixture of ways.
struct MixtureOfWays {
  std::vector<double> weights{};                // probability x undefended payoff, each > 0
  std::vector<std::vector<double>> residual{};  // by way, then defense
};

struct DefenderAnswer {
  Portfolio portfolio{};  // optional defenses alone, ascending
  double loss = 0;
  double lower = 0;  // no portfolio loses less
  std::uint64_t nodes = 0;
};

// At most this little is lost if the candidates may join what made `weights` of the ways.
// The savings of defenses shrink as others join, so no set saves more than its members would
// alone (G. Nemhauser, L. Wolsey, M. Fisher, 1978); and with parts of defenses allowed
// the loss is a sum of exponentials, convex, that each of its tangents bounds from below.
double LeastLoss(const Purse& purse, const MixtureOfWays& ways, const std::vector<double>& weights,
                 const Portfolio& candidates, const std::vector<double>& left, std::size_t tangents);

// The least loss to the mixture, by branch and bound; portfolios not better than `known` by more
// than `slack` are not looked for. Ends after `nodes`.
DefenderAnswer AnswerWays(const Purse& purse, const MixtureOfWays& ways, const Portfolio& useful, double known,
                          double slack, std::uint64_t nodes);

}  // namespace ringfort::games
