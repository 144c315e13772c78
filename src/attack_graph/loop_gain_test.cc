#include "attack_graph/loop_gain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "attack_graph/propagation.h"

namespace ringfort::attack_graph {
namespace {

// data -> model (0.5), model -> data (0.32): once round 0.16, a step 0.4.
AttackGraph Loop(double forth, double back, bool guarded = false) {
  StepList steps;
  steps.Add({}, 0, 1);
  steps.Add(std::vector<Fact>{0}, 1, forth);
  if (guarded)
    steps.Add(std::vector<Fact>{1, 2}, 0, back);
  else
    steps.Add(std::vector<Fact>{1}, 0, back);
  steps.Add({}, 2, 0.25);
  return AttackGraph(3, std::move(steps));
}

TEST(LoopGain, OfTwoStepsIsTheRootOfTheirProduct) {
  const AttackGraph graph = Loop(0.5, 0.32);
  const LoopGain gain = FindLoopGain(graph, PropagateByEquations(graph).probability);
  EXPECT_NEAR(gain.value, 0.4, 1e-10);
  EXPECT_EQ(gain.loop, (std::vector<Fact>{0, 1}));
  EXPECT_NEAR(gain.sensitivity[1], 0.5 * std::sqrt(0.32 / 0.5), 1e-8);
  EXPECT_NEAR(gain.sensitivity[2], 0.5 * std::sqrt(0.5 / 0.32), 1e-8);
  EXPECT_EQ(gain.sensitivity[3], 0);
}

TEST(LoopGain, AnotherPremiseDampensTheLoop) {
  const AttackGraph graph = Loop(0.5, 0.32, true);
  const LoopGain gain = FindLoopGain(graph, PropagateByEquations(graph).probability);
  EXPECT_NEAR(gain.value, std::sqrt(0.5 * 0.32 * 0.25), 1e-10);
}

TEST(LoopGain, WithoutALoopIsZero) {
  const AttackGraph graph = Loop(0.5, 0);
  const LoopGain gain = FindLoopGain(graph, PropagateByEquations(graph).probability);
  EXPECT_EQ(gain.value, 0);
  EXPECT_TRUE(gain.loop.empty());
}

}  // namespace
}  // namespace ringfort::attack_graph
