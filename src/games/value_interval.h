#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/result.h"
#include "games/security_solution.h"
#include "statistics/interval.h"

namespace ringfort::games {

// Changes the numbers of a copy of the game to what draw `draw` of the evidence says they
// are: probabilities (AttackGraph::WithProbabilities), residuals, values. Not its shape. The
// same `draw` must give the same numbers.
using GameSampler = std::function<void(std::uint64_t draw, SecurityGame& game)>;

struct ValueIntervalOptions {
  std::uint64_t draws = 200;  // at least 2
  double confidence = statistics::kUsualConfidence;
  std::size_t resolved_steps = 500;  // graphs of at most so many steps are solved anew at each draw
  SecurityLimits limits{};           // of each of those
};

// How far the answers stand, if the evidence under them were drawn again.
struct ValueInterval {
  statistics::Interval undefended{};
  statistics::Interval pure{};   // the loss of the portfolio found, judged again; exact at each draw
  statistics::Interval mixed{};  // the game's value
  // Whether the mixed value was solved anew at each draw. If not, it is that of the game over
  // the ways and portfolios that the solution plays, which may miss better ones.
  bool resolved = false;
};

// The middle `confidence` of the draws (percentile bootstrap, statistics/bootstrap.h).
// Errors: fewer than 2 draws; a draw that makes the game invalid (which one).
Result<ValueInterval> JudgeValue(const SecurityGame& game, const SecuritySolution& solution, const GameSampler& sample,
                                 const ValueIntervalOptions& options = {});

}  // namespace ringfort::games
