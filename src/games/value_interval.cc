#include "games/value_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "games/matrix_game.h"
#include "games/restricted_game_internal.h"
#include "statistics/quantile.h"

namespace ringfort::games {
namespace {

Status CheckShape(const SecurityGame& game, const SecurityGame& drawn, std::uint64_t draw) {
  const bool same = game.graph.step_count() == drawn.graph.step_count() &&
                    game.graph.fact_count() == drawn.graph.fact_count() && game.goals.size() == drawn.goals.size() &&
                    game.defenses.size() == drawn.defenses.size() && game.budgets.size() == drawn.budgets.size();
  if (!same) return Error{Fault::kInvalidInput, fmt::format("draw {} changed the shape of the game", draw + 1)};
  if (const Status status = CheckSecurityGame(drawn); !status.ok())
    return Error{Fault::kInvalidInput, fmt::format("draw {}: {}", draw + 1, status.error().what)};
  return Done{};
}

// The value of the game in which both can only play what the solution plays.
Result<double> ValueOverPlayed(const SecurityGame& game, const MixedSolution& mixed) {
  if (mixed.ways.empty()) return 0.0;
  std::vector<double> payoffs;
  payoffs.reserve(mixed.ways.size() * mixed.portfolios.size());
  for (const MixedSolution::PlayedWay& way : mixed.ways)
    for (const MixedSolution::PlayedPortfolio& portfolio : mixed.portfolios)
      payoffs.push_back(Payoff(game, way.way, portfolio.portfolio));
  TRY(matrix, MatrixGame::Make(mixed.ways.size(), mixed.portfolios.size(), std::move(payoffs)));
  return SolveRestricted(matrix, 1e-6).value();
}

statistics::Interval Middle(std::vector<double> values, double confidence) {
  const double tail = (1 - confidence) / 2;
  std::sort(values.begin(), values.end());
  return {statistics::QuantileOfSorted(values, tail), statistics::QuantileOfSorted(values, 1 - tail)};
}

}  // namespace

Result<ValueInterval> JudgeValue(const SecurityGame& game, const SecuritySolution& solution, const GameSampler& sample,
                                 const ValueIntervalOptions& options) {
  if (options.draws < 2) return Error{Fault::kInvalidInput, "an interval needs at least 2 draws"};
  ValueInterval interval;
  interval.resolved = game.graph.step_count() <= options.resolved_steps;
  std::vector<double> undefended;
  std::vector<double> pure;
  std::vector<double> mixed;
  for (std::uint64_t draw = 0; draw < options.draws; ++draw) {
    SecurityGame drawn = game;
    sample(draw, drawn);
    TRY_STATUS(CheckShape(game, drawn, draw));
    undefended.push_back(BestAnswer(drawn, {}).payoff);
    pure.push_back(BestAnswer(drawn, solution.pure.portfolio).payoff);
    if (interval.resolved) {
      TRY(solved, SolveMixed(drawn, options.limits));
      mixed.push_back(solved.lower_bound + (solved.upper_bound - solved.lower_bound) / 2);
    } else {
      TRY(value, ValueOverPlayed(drawn, solution.mixed));
      mixed.push_back(value);
    }
  }
  interval.undefended = Middle(std::move(undefended), options.confidence);
  interval.pure = Middle(std::move(pure), options.confidence);
  interval.mixed = Middle(std::move(mixed), options.confidence);
  return interval;
}

}  // namespace ringfort::games
