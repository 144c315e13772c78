#include "games/security_solution.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "games/attack_core_internal.h"
#include "games/double_oracle_internal.h"
#include "games/pure_portfolio_internal.h"
#include "games/purse_internal.h"

namespace ringfort::games {

namespace {

constexpr double kAgreed = 1e-9;  // of the loss: bounds that near have met

Portfolio WithRequired(const SecurityGame& game, Portfolio portfolio) {
  for (std::uint32_t defense = 0; defense < game.defenses.size(); ++defense)
    if (game.defenses[defense].required) portfolio.push_back(defense);
  std::sort(portfolio.begin(), portfolio.end());
  return portfolio;
}

MixedSolution Take(const SecurityGame& game, const AttackCore& core, DoubleOracle& oracle) {
  MixedSolution mixed;
  mixed.lower_bound = oracle.lower();
  mixed.upper_bound = oracle.upper();
  mixed.optimal = oracle.optimal();
  mixed.bounds = oracle.bounds();
  for (std::size_t i = 0; i < oracle.portfolio_shares().size(); ++i)
    if (oracle.portfolio_shares()[i] > 0)
      mixed.portfolios.push_back({WithRequired(game, oracle.portfolios()[i]), oracle.portfolio_shares()[i]});
  for (std::size_t i = 0; i < oracle.way_shares().size(); ++i)
    if (oracle.way_shares()[i] > 0) mixed.ways.push_back({core.WayOf(oracle.ways()[i].steps), oracle.way_shares()[i]});
  const auto first = [](const auto& a, const auto& b) { return a.probability > b.probability; };
  std::stable_sort(mixed.portfolios.begin(), mixed.portfolios.end(), first);
  std::stable_sort(mixed.ways.begin(), mixed.ways.end(), first);
  return mixed;
}

// What there is to say when no goal can be attained.
MixedSolution NothingToLose(const SecurityGame& game) {
  MixedSolution mixed;
  mixed.portfolios.push_back({WithRequired(game, {}), 1});
  mixed.optimal = true;
  return mixed;
}

}  // namespace

Result<SecuritySolution> SolveSecurityGame(const SecurityGame& game, const SecurityLimits& limits) {
  TRY_STATUS(CheckSecurityGame(game));
  const AttackCore core(game);
  const BestTrees undefended = core.FindBestTrees(core.Weights({}));
  SecuritySolution solution;
  if (!(undefended.best[core.target()] * core.scale() > 0)) {
    solution.mixed = NothingToLose(game);
    solution.pure.portfolio = solution.mixed.portfolios.front().portfolio;
    solution.pure.optimal = true;
    return solution;
  }
  solution.undefended_way = core.WayOf(core.TreeOf(undefended));
  const Purse purse(game);
  DoubleOracle oracle(core, purse, limits);
  oracle.Run();
  solution.undefended = oracle.undefended();
  solution.mixed = Take(game, core, oracle);
  const PurePortfolio pure = FindPurePortfolio(oracle, purse, limits.pure_nodes);
  solution.pure.portfolio = WithRequired(game, pure.portfolio);
  solution.pure.loss = pure.loss;
  solution.pure.lower_bound = std::min(pure.loss, std::max(pure.lower, oracle.lower()));
  solution.pure.optimal = pure.loss - solution.pure.lower_bound <= kAgreed * pure.loss;
  solution.pure.answer = core.WayOf(pure.answer);
  solution.pure.nodes = pure.nodes;
  if (pure.loss < solution.mixed.upper_bound) {
    // The double oracle ended early: nothing is gained by its mixture.
    solution.mixed.upper_bound = pure.loss;
    solution.mixed.portfolios = {{solution.pure.portfolio, 1}};
    solution.mixed.optimal =
        solution.mixed.upper_bound - solution.mixed.lower_bound <= limits.gap * solution.undefended;
    if (!solution.mixed.bounds.empty()) solution.mixed.bounds.back().upper = pure.loss;
  }
  return solution;
}

Result<MixedSolution> SolveMixed(const SecurityGame& game, const SecurityLimits& limits) {
  TRY_STATUS(CheckSecurityGame(game));
  const AttackCore core(game);
  if (!(core.FindBestTrees(core.Weights({})).best[core.target()] * core.scale() > 0)) return NothingToLose(game);
  const Purse purse(game);
  DoubleOracle oracle(core, purse, limits);
  oracle.Run();
  return Take(game, core, oracle);
}

std::vector<Deployment> OrderDeployment(const SecurityGame& game, const Portfolio& portfolio) {
  Portfolio deployed;
  std::vector<std::uint32_t> waiting;
  for (const std::uint32_t defense : portfolio)
    (game.defenses[defense].required ? deployed : waiting).push_back(defense);
  std::vector<Deployment> order;
  const Answer before = BestAnswer(game, {});
  for (const std::uint32_t defense : deployed) order.push_back({defense, before.payoff, before.payoff, before.way});
  Answer open = before;
  while (!waiting.empty()) {
    // Only a defense that acts on the best way at hand can lower what it yields.
    std::size_t best = 0;
    double best_weakened = std::numeric_limits<double>::infinity();
    Answer best_answer = open;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      Portfolio tried = deployed;
      tried.insert(std::upper_bound(tried.begin(), tried.end(), waiting[i]), waiting[i]);
      const double weakened = Payoff(game, open.way, tried);
      const Answer answer = weakened < open.payoff ? BestAnswer(game, tried) : open;
      if (answer.payoff > best_answer.payoff || (answer.payoff == best_answer.payoff && weakened >= best_weakened))
        continue;
      best = i;
      best_weakened = weakened;
      best_answer = answer;
    }
    order.push_back({waiting[best], open.payoff, best_answer.payoff, best_answer.way});
    deployed.insert(std::upper_bound(deployed.begin(), deployed.end(), waiting[best]), waiting[best]);
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(best));
    open = std::move(best_answer);
  }
  return order;
}

}  // namespace ringfort::games
