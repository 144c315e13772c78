#include "games/security_solution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
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

TEST(SecuritySolution, MixesOverTwoDoorsByHand) {
  // Two doors of probability 1, one lock that fits either and leaves a quarter: pure play leaves
  // one door open, half and half leaves 1/2 x 1 + 1/2 x 1/4 = 5/8.
  StepList steps;
  steps.Add({}, 0, 1);
  steps.Add({}, 0, 1);
  SecurityGame game;
  game.graph = AttackGraph(1, std::move(steps));
  game.goals = {{0, 1}};
  game.budgets = {{"locks", 1}};
  game.defenses = {{"front", {1}, {{0, 0.25}}, false}, {"back", {1}, {{1, 0.25}}, false}};
  const auto solved = SolveSecurityGame(game);
  ASSERT_TRUE(solved.ok());
  EXPECT_DOUBLE_EQ(solved.value().pure.loss, 1);
  EXPECT_TRUE(solved.value().pure.portfolio.empty());  // no one lock lowers the worst case
  EXPECT_NEAR(solved.value().mixed.upper_bound, 0.625, 1e-9);
  EXPECT_NEAR(solved.value().mixed.lower_bound, 0.625, 1e-9);
  ASSERT_EQ(solved.value().mixed.portfolios.size(), 2U);
  EXPECT_NEAR(solved.value().mixed.portfolios[0].probability, 0.5, 1e-9);
  ASSERT_EQ(solved.value().mixed.ways.size(), 2U);
  // With both locks there is nothing left to hide.
  game.budgets[0].limit = 2;
  const auto both = SolveSecurityGame(game);
  ASSERT_TRUE(both.ok());
  EXPECT_DOUBLE_EQ(both.value().pure.loss, 0.25);
  EXPECT_EQ(both.value().pure.portfolio, (Portfolio{0, 1}));
}

TEST(SecuritySolution, LosesNoMoreWithMoreToSpend) {
  Random random(13);
  for (int i = 0; i < 60; ++i) {
    SecurityGame game = RandomGame(random, 2);
    for (Defense& defense : game.defenses) defense.required = false;
    double pure = std::numeric_limits<double>::infinity();
    double mixed = pure;
    for (double limit = 0; limit < 10; limit += 1.5) {
      game.budgets[0].limit = limit;
      const auto solved = SolveSecurityGame(game);
      ASSERT_TRUE(solved.ok());
      EXPECT_LE(solved.value().pure.loss, pure + 1e-9);
      EXPECT_LE(solved.value().mixed.lower_bound, mixed + 1e-9);
      EXPECT_LE(solved.value().mixed.upper_bound, solved.value().pure.loss + 1e-9);
      EXPECT_LE(solved.value().pure.loss, solved.value().undefended + 1e-9);
      pure = solved.value().pure.loss;
      mixed = solved.value().mixed.upper_bound;
    }
  }
}

TEST(SecuritySolution, NarrowsItsBoundsRoundByRound) {
  Random random(14);
  for (int i = 0; i < 100; ++i) {
    const auto solved = SolveSecurityGame(RandomGame(random, 2));
    if (!solved.ok()) continue;
    const MixedSolution& mixed = solved.value().mixed;
    double lower = 0;
    double upper = std::numeric_limits<double>::infinity();
    for (const MixedSolution::Bounds& bounds : mixed.bounds) {
      EXPECT_GE(bounds.lower, lower);
      EXPECT_LE(bounds.upper, upper);
      EXPECT_LE(bounds.lower, bounds.upper + 1e-12);
      lower = bounds.lower;
      upper = bounds.upper;
    }
    if (mixed.bounds.empty()) continue;
    EXPECT_EQ(lower, mixed.lower_bound);
    EXPECT_EQ(upper, mixed.upper_bound);
  }
}

// What is proved does not rest on the searches: the mixtures themselves are played.
TEST(SecuritySolution, KeepsWhatItsMixturesPromise) {
  Random random(15);
  for (int i = 0; i < 100; ++i) {
    const SecurityGame game = RandomGame(random, 2);
    const auto solved = SolveSecurityGame(game);
    if (!solved.ok() || solved.value().undefended == 0) continue;
    const MixedSolution& mixed = solved.value().mixed;
    for (const Way& way : AllWays(game).List()) {
      double payoff = 0;
      for (const auto& played : mixed.portfolios) payoff += played.probability * Payoff(game, way, played.portfolio);
      EXPECT_LE(payoff, mixed.upper_bound + 1e-9);
    }
    for (const Portfolio& portfolio : AllPortfolios(game)) {
      double payoff = 0;
      for (const auto& played : mixed.ways) payoff += played.probability * Payoff(game, played.way, portfolio);
      EXPECT_GE(payoff, mixed.lower_bound - 1e-9);
    }
  }
}

TEST(SecuritySolution, LeavesOutWhatDoesNothing) {
  Random random(16);
  for (int i = 0; i < 100; ++i) {
    SecurityGame game = RandomGame(random, 2);
    for (Defense& defense : game.defenses) defense.required = false;
    const auto useless = static_cast<std::uint32_t>(game.defenses.size());
    game.defenses.push_back({"useless", std::vector<double>(game.budgets.size(), 0), {{0, 1}}, false});
    const auto solved = SolveSecurityGame(game);
    ASSERT_TRUE(solved.ok());
    const PureSolution& pure = solved.value().pure;
    EXPECT_EQ(std::count(pure.portfolio.begin(), pure.portfolio.end(), useless), 0);
    for (const auto& played : solved.value().mixed.portfolios)
      EXPECT_EQ(std::count(played.portfolio.begin(), played.portfolio.end(), useless), 0);
    // And every one that is deployed is needed.
    for (const std::uint32_t defense : pure.portfolio) {
      Portfolio without = pure.portfolio;
      std::erase(without, defense);
      EXPECT_GT(BestAnswer(game, without).payoff, pure.loss);
    }
  }
}

TEST(SecuritySolution, KeepsItsBoundsTrueWhereALimitEndsIt) {
  if (!HasLinearProgram()) GTEST_SKIP() << "no linear programs here";
  Random random(17);
  int unproven = 0;
  for (int i = 0; i < 200; ++i) {
    const SecurityGame game = RandomGame(random, 3);
    const auto truth = BruteForce(game);
    if (!truth) continue;
    SecurityLimits limits;
    limits.rounds = random.Below(3);
    limits.attacker_labels = 1 + random.Below(3);
    limits.defender_nodes = 1 + random.Below(5);
    limits.pure_nodes = random.Below(3);
    const auto solved = SolveSecurityGame(game, limits);
    ASSERT_TRUE(solved.ok());
    const SecuritySolution& solution = solved.value();
    SCOPED_TRACE(i);
    EXPECT_LE(solution.mixed.lower_bound, truth->mixed + 1e-9);
    EXPECT_GE(solution.mixed.upper_bound, truth->mixed - 1e-9);
    EXPECT_LE(solution.pure.lower_bound, truth->pure + 1e-9);
    EXPECT_GE(solution.pure.loss, truth->pure - 1e-9);
    if (solution.pure.optimal) {
      EXPECT_NEAR(solution.pure.loss, truth->pure, 1e-8);
    }
    if (solution.mixed.optimal) {
      EXPECT_NEAR(solution.mixed.upper_bound, truth->mixed, 1e-8);
    }
    unproven += !solution.pure.optimal || !solution.mixed.optimal;
  }
  EXPECT_GT(unproven, 10);
}

TEST(SecuritySolution, OrdersWhatToDeploy) {
  Random random(18);
  for (int i = 0; i < 100; ++i) {
    const SecurityGame game = RandomGame(random, 2);
    const auto solved = SolveSecurityGame(game);
    if (!solved.ok()) continue;
    const SecuritySolution& solution = solved.value();
    const std::vector<Deployment> order = OrderDeployment(game, solution.pure.portfolio);
    ASSERT_EQ(order.size(), solution.pure.portfolio.size());
    double loss = solution.undefended;
    Portfolio deployed;
    for (const Deployment& next : order) {
      EXPECT_NEAR(next.loss_before, loss, 1e-12);
      EXPECT_LE(next.loss, loss + 1e-12);
      if (!game.defenses[next.defense].required)
        for (const std::uint32_t other : solution.pure.portfolio) {
          if (std::binary_search(deployed.begin(), deployed.end(), other)) continue;
          Portfolio instead = deployed;
          instead.push_back(other);
          std::sort(instead.begin(), instead.end());
          EXPECT_LE(next.loss, BestAnswer(game, instead).payoff + 1e-12);
        }
      deployed.push_back(next.defense);
      std::sort(deployed.begin(), deployed.end());
      loss = next.loss;
    }
    EXPECT_NEAR(loss, solution.pure.loss, 1e-9);
    EXPECT_EQ(deployed, solution.pure.portfolio);
  }
}

}  // namespace
}  // namespace ringfort::games
