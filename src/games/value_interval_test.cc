#include "games/value_interval.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/random.h"

namespace ringfort::games {
namespace {

// Two doors, of which one lock fits one.
SecurityGame Doors() {
  attack_graph::StepList steps;
  steps.Add({}, 0, 0.8);
  steps.Add({}, 0, 0.6);
  SecurityGame game;
  game.graph = attack_graph::AttackGraph(1, std::move(steps));
  game.goals = {{0, 1}};
  game.budgets = {{"locks", 1}};
  game.defenses = {{"front", {1}, {{0, 0.25}}, false}, {"back", {1}, {{1, 0.25}}, false}};
  return game;
}

void Shake(std::uint64_t draw, SecurityGame& game) {
  Random random(draw);
  game.graph = game.graph.WithProbabilities({0.7 + 0.2 * random.Uniform(), 0.5 + 0.2 * random.Uniform()});
}

TEST(ValueInterval, IsAPointWhereNothingIsUncertain) {
  const SecurityGame game = Doors();
  const SecuritySolution solution = SolveSecurityGame(game).value();
  const auto interval = JudgeValue(game, solution, [](std::uint64_t, SecurityGame&) {});
  ASSERT_TRUE(interval.ok());
  EXPECT_TRUE(interval.value().resolved);
  EXPECT_DOUBLE_EQ(interval.value().undefended.lower, 0.8);
  EXPECT_DOUBLE_EQ(interval.value().undefended.upper, 0.8);
  EXPECT_DOUBLE_EQ(interval.value().pure.upper, solution.pure.loss);
  EXPECT_NEAR(interval.value().mixed.lower, solution.mixed.upper_bound, 1e-9);
}

TEST(ValueInterval, HoldsTheValueAndIsAsWideAsTheEvidence) {
  const SecurityGame game = Doors();
  const SecuritySolution solution = SolveSecurityGame(game).value();
  ValueIntervalOptions options;
  const auto resolved = JudgeValue(game, solution, Shake, options);
  ASSERT_TRUE(resolved.ok());
  EXPECT_TRUE(resolved.value().undefended.Holds(0.8));
  EXPECT_GT(resolved.value().undefended.lower, 0.7);
  EXPECT_LT(resolved.value().undefended.upper, 0.9);
  EXPECT_GT(resolved.value().undefended.width(), 0.15);
  EXPECT_TRUE(resolved.value().mixed.Holds(solution.mixed.upper_bound));
  EXPECT_LE(resolved.value().mixed.upper, resolved.value().pure.upper + 1e-9);
  // Here the solution plays all that there is, so that playing what was found is the same.
  options.resolved_steps = 0;
  const auto replayed = JudgeValue(game, solution, Shake, options);
  ASSERT_TRUE(replayed.ok());
  EXPECT_FALSE(replayed.value().resolved);
  EXPECT_NEAR(replayed.value().mixed.lower, resolved.value().mixed.lower, 1e-6);
  EXPECT_NEAR(replayed.value().mixed.upper, resolved.value().mixed.upper, 1e-6);
}

TEST(ValueInterval, RefusesDrawsThatAreNoGame) {
  const SecurityGame game = Doors();
  const SecuritySolution solution = SolveSecurityGame(game).value();
  ValueIntervalOptions one;
  one.draws = 1;
  EXPECT_FALSE(JudgeValue(game, solution, Shake, one).ok());
  const auto negative = JudgeValue(game, solution, [](std::uint64_t draw, SecurityGame& drawn) {
    if (draw == 3) drawn.goals[0].value = -1;
  });
  ASSERT_FALSE(negative.ok());
  EXPECT_EQ(negative.error().what, "draw 4: the value of goal 1 is -1; it must be a number from 0");
  const auto reshaped =
      JudgeValue(game, solution, [](std::uint64_t, SecurityGame& drawn) { drawn.defenses.pop_back(); });
  ASSERT_FALSE(reshaped.ok());
  EXPECT_EQ(reshaped.error().what, "draw 1 changed the shape of the game");
}

}  // namespace
}  // namespace ringfort::games
