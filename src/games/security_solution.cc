#include "games/security_solution.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ringfort::games {

Result<SecuritySolution> SolveSecurityGame(const SecurityGame& game, const SecurityLimits&) {
  TRY_STATUS(CheckSecurityGame(game));
  SecuritySolution solution;
  for (std::uint32_t defense = 0; defense < game.defenses.size(); ++defense)
    if (game.defenses[defense].required) solution.pure.portfolio.push_back(defense);
  Answer answer = BestAnswer(game, solution.pure.portfolio);
  solution.undefended = solution.pure.loss = solution.mixed.upper_bound = answer.payoff;
  solution.undefended_way = solution.pure.answer = answer.way;
  solution.mixed.portfolios.push_back({solution.pure.portfolio, 1});
  solution.mixed.ways.push_back({std::move(answer.way), 1});
  return solution;
}

Result<MixedSolution> SolveMixed(const SecurityGame& game, const SecurityLimits& limits) {
  TRY(solution, SolveSecurityGame(game, limits));
  return std::move(solution.mixed);
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
