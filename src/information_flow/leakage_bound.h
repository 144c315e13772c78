#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"
#include "graphs/directed_graph.h"

// How fast secrets can reach observers through a network of channels: never faster
// than the least cut between them, that is the max-flow of the channels' rates. This
// bounds whatever the parties in between do, if the noises of the channels are
// independent (T. Cover, J. Thomas, "Elements of Information Theory", cut-set bound;
// A. El Gamal 1981). Feedback and cycles are allowed.
//
// Which lever pays most is ours: closing an edge of the least cut lowers the bound by
// exactly the edge's rate, so halving its capacity (by noise) or its bandwidth (by
// limits) lowers it by half of that; divided by what the lever costs, edges are ranked.

namespace ringfort::information_flow {

inline constexpr double kImpossible = std::numeric_limits<double>::infinity();

struct FlowEdge {
  graphs::Arc arc{};
  double bits_per_use = 0;               // capacity; kImpossible to bound: infinity
  double uses_per_second = 0;            // bandwidth; the same
  double cost_of_halving_capacity = 1;   // by noise; above 0, or kImpossible
  double cost_of_halving_bandwidth = 1;  // by limits; the same

  // 0 if either is 0.
  double rate() const { return bits_per_use == 0 || uses_per_second == 0 ? 0 : bits_per_use * uses_per_second; }
};

enum class Lever : std::uint8_t { kNone, kNoise, kBandwidth };

struct CutEdge {
  graphs::Edge edge = 0;
  double rate = 0;             // bits a second that the bound loses if it is closed
  Lever lever = Lever::kNone;  // the cheaper one; noise if equal
  double saved_per_cost = 0;   // bits a second a unit of cost, when that is halved
};

struct LeakageBound {
  double bits_per_second = 0;  // infinity if a way is bounded nowhere
  std::vector<CutEdge> cut{};  // the best paying first; empty if the bound is 0 or infinite

  // How long a secret of so many bits stays, at least, not wholly known. Infinity if
  // nothing flows.
  double SecondsFor(double bits) const { return bits / bits_per_second; }
};

// From all of the secrets together to all of the observers together, who may share
// what they see; one of each gives the bound of a pair. Errors: a node or an end of an
// edge that does not exist, no secret or observer, a node that is both, a rate or cost
// that is negative or no number.
Result<LeakageBound> FindLeakageBound(std::size_t node_count, std::span<const FlowEdge> edges,
                                      std::span<const graphs::Node> secrets, std::span<const graphs::Node> observers);

}  // namespace ringfort::information_flow
