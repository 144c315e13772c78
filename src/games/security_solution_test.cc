#include "games/security_solution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "base/random.h"
#include "games/linear_program.h"
#include "games/matrix_game.h"

namespace ringfort::games {
namespace {

using attack_graph::AttackGraph;
using attack_graph::Fact;
using attack_graph::Step;
using attack_graph::StepList;

// A small graph, loops and shared premises among it, with random defenses. With
// `most_premises` of 1 ways are paths. Every fourth step is certain.
SecurityGame RandomGame(Random& random, std::size_t most_premises) {
  const std::size_t facts = 5 + random.Below(4);
  StepList steps;
  const std::size_t count = 10 + random.Below(10);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Fact> premises;
    for (std::uint64_t left = i < 3 ? 0 : 1 + random.Below(most_premises); left > 0; --left)
      premises.push_back(static_cast<Fact>(random.Below(facts)));
    steps.Add(premises, static_cast<Fact>(i < 3 ? i : random.Below(facts)),
              random.Below(4) == 0 ? 1 : static_cast<double>(3 + random.Below(6)) / 8);
  }
  SecurityGame game;
  game.graph = AttackGraph(facts, std::move(steps));
  for (std::uint64_t goals = 1 + random.Below(2); goals > 0; --goals)
    game.goals.push_back({static_cast<Fact>(3 + random.Below(facts - 3)), static_cast<double>(1 + random.Below(4))});
  const std::size_t budgets = 1 + random.Below(2);
  for (std::size_t i = 0; i < budgets; ++i)
    game.budgets.push_back({"budget " + std::to_string(i), static_cast<double>(2 + random.Below(5))});
  const std::size_t defenses = 3 + random.Below(5);
  for (std::size_t i = 0; i < defenses; ++i) {
    Defense defense;
    defense.name = "defense " + std::to_string(i);
    for (std::size_t b = 0; b < budgets; ++b) defense.costs.push_back(static_cast<double>(random.Below(5)));
    for (std::uint64_t effects = random.Below(6); effects > 0; --effects)
      defense.effects.push_back({static_cast<Step>(random.Below(count)), static_cast<double>(random.Below(5)) / 4});
    defense.required = random.Below(12) == 0;
    game.defenses.push_back(std::move(defense));
  }
  return game;
}

// All ways to a goal, as the header defines them: trees in which no fact leans on itself, each with the
// steps it uses as often as they stand.
class AllWays {
 public:
  explicit AllWays(const SecurityGame& game) : game_(game) {}

  using Steps = std::vector<Step>;
  std::vector<Way> List() {
    std::vector<Way> ways;
    for (std::uint32_t goal = 0; goal < game_.goals.size(); ++goal) {
      std::vector<bool> above(game_.graph.fact_count(), false);
      for (Steps& steps : Trees(game_.goals[goal].fact, above)) {
        std::sort(steps.begin(), steps.end());
        Way way;
        way.goal = goal;
        for (const Step step : steps) {
          if (way.steps.empty() || way.steps.back() != step) {
            way.steps.push_back(step);
            way.times.push_back(0);
          }
          ++way.times.back();
        }
        ways.push_back(std::move(way));
      }
    }
    return ways;
  }

 private:
  std::vector<Steps> Trees(Fact fact, std::vector<bool>& above) {
    std::vector<Steps> trees;
    if (above[fact]) return trees;
    above[fact] = true;
    for (const Step step : game_.graph.StepsTo(fact)) {
      std::vector<Steps> partial{{step}};
      for (const Fact premise : game_.graph.Premises(step)) {
        std::vector<Steps> longer;
        const std::vector<Steps> below = Trees(premise, above);
        for (const Steps& one : partial)
          for (const Steps& other : below) {
            longer.push_back(one);
            longer.back().insert(longer.back().end(), other.begin(), other.end());
          }
        partial = std::move(longer);
      }
      trees.insert(trees.end(), partial.begin(), partial.end());
    }
    above[fact] = false;
    return trees;
  }

  const SecurityGame& game_;
};

std::vector<Portfolio> AllPortfolios(const SecurityGame& game) {
  std::vector<Portfolio> portfolios;
  for (std::uint32_t bits = 0; bits < (1U << game.defenses.size()); ++bits) {
    Portfolio portfolio;
    bool complete = true;
    for (std::uint32_t i = 0; i < game.defenses.size(); ++i)
      if ((bits >> i) & 1U)
        portfolio.push_back(i);
      else
        complete = complete && !game.defenses[i].required;
    if (complete && Affordable(game, portfolio)) portfolios.push_back(std::move(portfolio));
  }
  return portfolios;
}

struct Truth {
  double undefended = 0;
  double pure = 0;
  double mixed = 0;
};

std::optional<Truth> BruteForce(const SecurityGame& game) {
  const std::vector<Way> ways = AllWays(game).List();
  const std::vector<Portfolio> portfolios = AllPortfolios(game);
  if (ways.empty() || portfolios.empty() || ways.size() > 500) return std::nullopt;
  Truth truth;
  truth.pure = std::numeric_limits<double>::infinity();
  std::vector<double> payoffs(ways.size() * portfolios.size());
  for (std::size_t k = 0; k < portfolios.size(); ++k) {
    double worst = 0;
    for (std::size_t i = 0; i < ways.size(); ++i) {
      payoffs[i * portfolios.size() + k] = Payoff(game, ways[i], portfolios[k]);
      worst = std::max(worst, payoffs[i * portfolios.size() + k]);
    }
    truth.pure = std::min(truth.pure, worst);
  }
  for (const Way& way : ways) truth.undefended = std::max(truth.undefended, Payoff(game, way, {}));
  const auto matrix = MatrixGame::Make(ways.size(), portfolios.size(), std::move(payoffs));
  const auto solved = SolveByLinearProgram(matrix.value());
  if (!solved.ok() || solved.value().gap() > 1e-10) return std::nullopt;
  truth.mixed = solved.value().value();
  return truth;
}

void ExpectTrue(const SecurityGame& game, const Truth& truth) {
  const auto solved = SolveSecurityGame(game);
  ASSERT_TRUE(solved.ok());
  const SecuritySolution& solution = solved.value();
  EXPECT_NEAR(solution.undefended, truth.undefended, 1e-9);
  EXPECT_TRUE(solution.pure.optimal);
  EXPECT_NEAR(solution.pure.loss, truth.pure, 1e-9);
  EXPECT_NEAR(solution.pure.lower_bound, truth.pure, 1e-8);
  EXPECT_TRUE(Affordable(game, solution.pure.portfolio));
  EXPECT_NEAR(BestAnswer(game, solution.pure.portfolio).payoff, solution.pure.loss, 1e-12);
  EXPECT_NEAR(Payoff(game, solution.pure.answer, solution.pure.portfolio), solution.pure.loss, 1e-12);
  EXPECT_TRUE(solution.mixed.optimal);
  EXPECT_LE(solution.mixed.lower_bound, truth.mixed + 1e-9);
  EXPECT_GE(solution.mixed.upper_bound, truth.mixed - 1e-9);
  EXPECT_LE(solution.mixed.upper_bound - solution.mixed.lower_bound, 1e-9 * solution.undefended);
  EXPECT_LE(solution.mixed.upper_bound, solution.pure.loss + 1e-12);
}

TEST(SecuritySolution, IsThatOfTheWholeMatrixOnPaths) {
  if (!HasLinearProgram()) GTEST_SKIP() << "no linear programs here";
  Random random(11);
  int judged = 0;
  int mixing_pays = 0;
  for (int i = 0; i < 400; ++i) {
    const SecurityGame game = RandomGame(random, 1);
    const auto truth = BruteForce(game);
    if (!truth) continue;
    ++judged;
    mixing_pays += truth->mixed < truth->pure - 1e-6;
    SCOPED_TRACE(i);
    ExpectTrue(game, *truth);
    if (HasFailure()) return;
  }
  EXPECT_GT(judged, 250);
  EXPECT_GT(mixing_pays, 20);
}

TEST(SecuritySolution, IsThatOfTheWholeMatrixOnTrees) {
  if (!HasLinearProgram()) GTEST_SKIP() << "no linear programs here";
  Random random(12);
  int judged = 0;
  for (int i = 0; i < 400; ++i) {
    const SecurityGame game = RandomGame(random, 3);
    const auto truth = BruteForce(game);
    if (!truth) continue;
    ++judged;
    SCOPED_TRACE(i);
    ExpectTrue(game, *truth);
    if (HasFailure()) return;
  }
  EXPECT_GT(judged, 150);
}

}  // namespace
}  // namespace ringfort::games
