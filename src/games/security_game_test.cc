#include "games/security_game.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "games/security_solution.h"

namespace ringfort::games {
namespace {

using attack_graph::AttackGraph;
using attack_graph::StepList;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Two ways to fact 2: step 0 then step 1 (0.8 x 0.5), or step 2 alone (0.3).
SecurityGame TwoWays() {
  StepList steps;
  steps.Add({}, 0, 0.8);
  steps.Add({{0}}, 2, 0.5);
  steps.Add({}, 2, 0.3);
  SecurityGame game;
  game.graph = AttackGraph(3, std::move(steps));
  game.goals = {{2, 10}};
  game.budgets = {{"effort", 2}, {"latency", kInfinity}};
  game.defenses = {{"filter", {1, 5}, {{0, 0.5}}, false}, {"patch", {2, 0}, {{2, 0}}, false}};
  return game;
}

std::string Complaint(const SecurityGame& game) {
  const Status status = CheckSecurityGame(game);
  return status.ok() ? std::string() : status.error().what;
}

TEST(SecurityGame, TellsWhatAWayYields) {
  const SecurityGame game = TwoWays();
  const Answer undefended = BestAnswer(game, {});
  EXPECT_EQ(undefended.way.steps, (std::vector<attack_graph::Step>{0, 1}));
  EXPECT_DOUBLE_EQ(undefended.payoff, 4);
  EXPECT_DOUBLE_EQ(Payoff(game, undefended.way, {}), 4);
  EXPECT_DOUBLE_EQ(Payoff(game, undefended.way, {0}), 2);
  const Answer filtered = BestAnswer(game, {0});
  EXPECT_EQ(filtered.way.steps, (std::vector<attack_graph::Step>{2}));
  EXPECT_DOUBLE_EQ(filtered.payoff, 3);
  EXPECT_DOUBLE_EQ(Payoff(game, filtered.way, {1}), 0);
}

TEST(SecurityGame, CountsRequiredDefensesAlways) {
  SecurityGame game = TwoWays();
  game.defenses[0].required = true;
  EXPECT_DOUBLE_EQ(BestAnswer(game, {}).payoff, 3);
  EXPECT_DOUBLE_EQ(Payoff(game, {0, {0, 1}, {1, 1}}, {}), 2);
}

TEST(SecurityGame, CountsAStepAsOftenAsTheTreeNeedsIt) {
  // Both premises of step 3 need step 0: 0.5 twice, as the header says.
  StepList steps;
  steps.Add({}, 0, 0.5);
  steps.Add({{0}}, 1, 1);
  steps.Add({{0}}, 2, 1);
  steps.Add({{1, 2}}, 3, 0.8);
  SecurityGame game;
  game.graph = AttackGraph(4, std::move(steps));
  game.goals = {{3, 1}};
  game.budgets = {{"effort", 1}};
  game.defenses = {{"half", {1}, {{0, 0.5}}, false}};
  const Answer answer = BestAnswer(game, {});
  EXPECT_DOUBLE_EQ(answer.payoff, 0.2);
  EXPECT_EQ(answer.way.steps, (std::vector<attack_graph::Step>{0, 1, 2, 3}));
  EXPECT_EQ(answer.way.times, (std::vector<std::uint32_t>{2, 1, 1, 1}));
  EXPECT_DOUBLE_EQ(BestAnswer(game, {0}).payoff, 0.05);
  EXPECT_DOUBLE_EQ(Payoff(game, answer.way, {0}), 0.05);
}

TEST(SecurityGame, TakesWhatHoldsForCertainAsGiven) {
  // Fact 0 is certain, so that step 1 is no AND; with a defense on step 0 it is in doubt.
  StepList steps;
  steps.Add({}, 0, 1);
  steps.Add({{0}}, 1, 0.5);
  steps.Add({{0, 1}}, 2, 0.5);
  SecurityGame game;
  game.graph = AttackGraph(3, std::move(steps));
  game.goals = {{2, 1}};
  game.budgets = {{"effort", 1}};
  game.defenses = {{"late", {1}, {{2, 0.5}}, false}, {"early", {1}, {{0, 0.5}}, false}};
  const Answer answer = BestAnswer(game, {0});
  EXPECT_DOUBLE_EQ(answer.payoff, 0.125);
  EXPECT_EQ(answer.way.steps, (std::vector<attack_graph::Step>{0, 1, 2}));
  EXPECT_DOUBLE_EQ(BestAnswer(game, {1}).payoff, 0.0625);
}

TEST(SecurityGame, AttacksAGoalThatIsCertain) {
  StepList steps;
  steps.Add({}, 0, 1);
  SecurityGame game;
  game.graph = AttackGraph(1, std::move(steps));
  game.goals = {{0, 7}};
  game.budgets = {{"effort", 1}};
  game.defenses = {{"useless", {1}, {}, false}};
  EXPECT_DOUBLE_EQ(BestAnswer(game, {0}).payoff, 7);
  EXPECT_EQ(BestAnswer(game, {0}).way.steps, (std::vector<attack_graph::Step>{0}));
  const auto solved = SolveSecurityGame(game);
  ASSERT_TRUE(solved.ok());
  EXPECT_DOUBLE_EQ(solved.value().mixed.lower_bound, 7);
  EXPECT_DOUBLE_EQ(solved.value().pure.loss, 7);
  EXPECT_TRUE(solved.value().pure.portfolio.empty());
}

TEST(SecurityGame, YieldsNothingWhereNoGoalCanBeAttained) {
  SecurityGame game = TwoWays();
  game.goals = {{1, 5}};
  EXPECT_EQ(BestAnswer(game, {}).payoff, 0);
  EXPECT_TRUE(BestAnswer(game, {}).way.steps.empty());
  const auto solved = SolveSecurityGame(game);
  ASSERT_TRUE(solved.ok());
  EXPECT_EQ(solved.value().undefended, 0);
  EXPECT_TRUE(solved.value().pure.optimal);
  EXPECT_TRUE(solved.value().mixed.optimal);
  EXPECT_TRUE(solved.value().mixed.ways.empty());
}

TEST(SecurityGame, SaysWhatIsWrongInOneSentence) {
  EXPECT_EQ(Complaint(TwoWays()), "");
  const auto with = [](auto change) {
    SecurityGame game = TwoWays();
    change(game);
    const std::string complaint = Complaint(game);
    EXPECT_EQ(SolveSecurityGame(game).ok(), complaint.empty());
    return complaint;
  };
  EXPECT_EQ(with([](SecurityGame& g) { g.goals.clear(); }),
            "the game has no goal: the attacker has nothing to choose from");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses.clear(); }),
            "the game has no defense: the defender has nothing to choose from");
  EXPECT_EQ(with([](SecurityGame& g) { g.budgets.clear(); }),
            "the game has no budget: give at least one limit, which may be infinite");
  EXPECT_EQ(with([](SecurityGame& g) { g.goals[0].fact = 3; }), "goal 1 is fact 3, but the graph has 3 facts");
  EXPECT_EQ(with([](SecurityGame& g) { g.goals[0].value = kNaN; }),
            "the value of goal 1 is nan; it must be a number from 0");
  EXPECT_EQ(with([](SecurityGame& g) { g.goals[0].value = -1; }),
            "the value of goal 1 is -1; it must be a number from 0");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[1].costs[0] = -0.5; }),
            "the effort that defense `patch` costs is -0.5; it must be a number from 0");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[1].costs[1] = kInfinity; }),
            "the latency that defense `patch` costs is inf; it must be a number from 0");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[1].costs.pop_back(); }),
            "defense `patch` has 1 costs, but there are 2 budgets");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[0].effects[0].residual = 1.5; }),
            "defense `filter` leaves 1.5 of step 0; it must be from 0 to 1");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[0].effects[0].residual = kNaN; }),
            "defense `filter` leaves nan of step 0; it must be from 0 to 1");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[0].effects[0].step = 9; }),
            "defense `filter` acts on step 9, but the graph has 3 steps");
  EXPECT_EQ(with([](SecurityGame& g) { g.budgets[0].limit = -1; }),
            "the budget of effort is -1; it must be a number from 0, or infinite");
  EXPECT_EQ(with([](SecurityGame& g) { g.budgets[0].limit = kNaN; }),
            "the budget of effort is nan; it must be a number from 0, or infinite");
  EXPECT_EQ(with([](SecurityGame& g) {
              g.graph = g.graph.WithProbabilities({0.5, kNaN, 0.5});
            }),
            "the probability of step 1 is nan; it must be from 0 to 1");
  EXPECT_EQ(with([](SecurityGame& g) { g.defenses[0].required = g.defenses[1].required = true; }),
            "no portfolio fits the budget: the required `filter`, `patch` cost 3 of effort, and the limit is 2");
  EXPECT_EQ(with([](SecurityGame& g) { g.budgets[0].limit = 0; }), "");
}

TEST(SecurityGame, LetsCostsReachALimitUpToRounding) {
  SecurityGame game = TwoWays();
  game.budgets[0].limit = 0.3;
  game.defenses[0].costs[0] = 0.1;
  game.defenses[1].costs[0] = 0.2;
  EXPECT_TRUE(Affordable(game, {0, 1}));
  const auto solved = SolveSecurityGame(game);
  ASSERT_TRUE(solved.ok());
  EXPECT_EQ(solved.value().pure.portfolio, (Portfolio{0, 1}));
  game.budgets[0].limit = 0.29;
  EXPECT_FALSE(Affordable(game, {0, 1}));
}

}  // namespace
}  // namespace ringfort::games
