#include "games/security_game.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "games/attack_core_internal.h"

namespace ringfort::games {
namespace {

// Sums of costs that are decimals on paper, such as 0.1 + 0.2, may pass a limit by rounding alone.
constexpr double kRounding = 1e-12;

Error Invalid(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

bool Fraction(double number) { return number >= 0 && number <= 1; }

Status CheckGoals(const SecurityGame& game) {
  if (game.goals.empty()) return Invalid("the game has no goal: the attacker has nothing to choose from");
  for (std::size_t i = 0; i < game.goals.size(); ++i) {
    if (game.goals[i].fact >= game.graph.fact_count())
      return Invalid(fmt::format("goal {} is fact {}, but the graph has {} facts", i + 1, game.goals[i].fact,
                                 game.graph.fact_count()));
    if (!std::isfinite(game.goals[i].value) || game.goals[i].value < 0)
      return Invalid(fmt::format("the value of goal {} is {}; it must be a number from 0", i + 1, game.goals[i].value));
  }
  return Done{};
}

Status CheckDefense(const SecurityGame& game, const Defense& defense) {
  if (defense.costs.size() != game.budgets.size())
    return Invalid(fmt::format("defense `{}` has {} costs, but there are {} budgets", defense.name,
                               defense.costs.size(), game.budgets.size()));
  for (std::size_t i = 0; i < defense.costs.size(); ++i)
    if (!std::isfinite(defense.costs[i]) || defense.costs[i] < 0)
      return Invalid(fmt::format("the {} that defense `{}` costs is {}; it must be a number from 0",
                                 game.budgets[i].name, defense.name, defense.costs[i]));
  for (const Effect& effect : defense.effects) {
    if (effect.step >= game.graph.step_count())
      return Invalid(fmt::format("defense `{}` acts on step {}, but the graph has {} steps", defense.name, effect.step,
                                 game.graph.step_count()));
    if (!Fraction(effect.residual))
      return Invalid(fmt::format("defense `{}` leaves {} of step {}; it must be from 0 to 1", defense.name,
                                 effect.residual, effect.step));
  }
  return Done{};
}

Status CheckRequired(const SecurityGame& game) {
  Portfolio required;
  std::string names;
  for (std::uint32_t i = 0; i < game.defenses.size(); ++i) {
    if (!game.defenses[i].required) continue;
    required.push_back(i);
    names += (names.empty() ? "`" : ", `") + game.defenses[i].name + "`";
  }
  for (std::size_t budget = 0; budget < game.budgets.size(); ++budget) {
    double cost = 0;
    for (const std::uint32_t defense : required) cost += game.defenses[defense].costs[budget];
    if (cost <= game.budgets[budget].limit * (1 + kRounding)) continue;
    return Invalid(fmt::format("no portfolio fits the budget: the required {} cost {} of {}, and the limit is {}",
                               names, cost, game.budgets[budget].name, game.budgets[budget].limit));
  }
  return Done{};
}

}  // namespace

Status CheckSecurityGame(const SecurityGame& game) {
  TRY_STATUS(CheckGoals(game));
  if (game.defenses.empty()) return Invalid("the game has no defense: the defender has nothing to choose from");
  if (game.budgets.empty()) return Invalid("the game has no budget: give at least one limit, which may be infinite");
  for (const Budget& budget : game.budgets)
    if (std::isnan(budget.limit) || budget.limit < 0)
      return Invalid(
          fmt::format("the budget of {} is {}; it must be a number from 0, or infinite", budget.name, budget.limit));
  for (attack_graph::Step step = 0; step < game.graph.step_count(); ++step)
    if (!Fraction(game.graph.Probability(step)))
      return Invalid(
          fmt::format("the probability of step {} is {}; it must be from 0 to 1", step, game.graph.Probability(step)));
  for (const Defense& defense : game.defenses) TRY_STATUS(CheckDefense(game, defense));
  return CheckRequired(game);
}

bool Affordable(const SecurityGame& game, const Portfolio& portfolio) {
  for (std::size_t budget = 0; budget < game.budgets.size(); ++budget) {
    double cost = 0;
    for (const std::uint32_t defense : portfolio) cost += game.defenses[defense].costs[budget];
    if (!(cost <= game.budgets[budget].limit * (1 + kRounding))) return false;
  }
  return true;
}

double Payoff(const SecurityGame& game, const Way& way, const Portfolio& portfolio) {
  if (way.steps.empty()) return 0;
  std::vector<double> residual(way.steps.size(), 1);
  std::vector<std::pair<attack_graph::Step, std::size_t>> places;
  for (std::size_t i = 0; i < way.steps.size(); ++i) places.push_back({way.steps[i], i});
  std::sort(places.begin(), places.end());
  for (std::uint32_t defense = 0; defense < game.defenses.size(); ++defense) {
    if (!game.defenses[defense].required && !std::binary_search(portfolio.begin(), portfolio.end(), defense)) continue;
    for (const Effect& effect : game.defenses[defense].effects) {
      const auto place = std::lower_bound(places.begin(), places.end(), std::pair{effect.step, std::size_t{0}});
      if (place != places.end() && place->first == effect.step) residual[place->second] *= effect.residual;
    }
  }
  double payoff = game.goals[way.goal].value;
  for (std::size_t i = 0; i < way.steps.size(); ++i) {
    const double weight = game.graph.Probability(way.steps[i]) * residual[i];
    payoff *= way.times[i] == 1 ? weight : std::pow(weight, way.times[i]);
  }
  return payoff;
}

Answer BestAnswer(const SecurityGame& game, const Portfolio& portfolio) {
  const AttackCore core(game);
  const BestTrees trees = core.FindBestTrees(core.Weights(portfolio));
  const double payoff = trees.best[core.target()] * core.scale();
  if (!(payoff > 0)) return {};
  return {core.WayOf(core.TreeOf(trees)), payoff};
}

}  // namespace ringfort::games
