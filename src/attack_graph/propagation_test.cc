#include "attack_graph/propagation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "attack_graph/random_attack_graph_internal.h"

namespace ringfort::attack_graph {
namespace {

// The definition, one world after the other.
std::vector<double> BruteForce(const AttackGraph& graph) {
  std::vector<double> probability(graph.fact_count(), 0);
  for (std::uint64_t world = 0; world < std::uint64_t{1} << graph.step_count(); ++world) {
    double weight = 1;
    std::vector<bool> shut(graph.step_count());
    for (Step step = 0; step < graph.step_count(); ++step) {
      shut[step] = (world >> step & 1) == 0;
      weight *= shut[step] ? 1 - graph.Probability(step) : graph.Probability(step);
    }
    if (weight == 0) continue;
    const std::vector<bool> holds = Attainable(graph, shut);
    for (Fact fact = 0; fact < graph.fact_count(); ++fact)
      if (holds[fact]) probability[fact] += weight;
  }
  return probability;
}

TEST(Propagation, AChainMultipliesAndAlternativesAdd) {
  StepList steps;
  steps.Add({}, 0, 1);
  steps.Add(std::vector<Fact>{0}, 1, 0.5);
  steps.Add(std::vector<Fact>{1}, 2, 0.5);
  steps.Add(std::vector<Fact>{0}, 2, 0.2);
  const AttackGraph graph(4, std::move(steps));
  for (const std::vector<double>& x : {ExactPropagation(graph).value(), PropagateByEquations(graph).probability}) {
    EXPECT_DOUBLE_EQ(x[1], 0.5);
    EXPECT_DOUBLE_EQ(x[2], 1 - 0.75 * 0.8);
    EXPECT_EQ(x[3], 0);
  }
}

TEST(Propagation, NothingHoldsByLeaningOnItself) {
  StepList steps;
  steps.Add(std::vector<Fact>{0}, 1, 1);
  steps.Add(std::vector<Fact>{1}, 0, 1);
  const AttackGraph graph(2, std::move(steps));
  EXPECT_EQ(ExactPropagation(graph).value(), (std::vector<double>{0, 0}));
  EXPECT_EQ(PropagateByEquations(graph).probability, (std::vector<double>{0, 0}));
  EXPECT_EQ(SamplePropagation(graph, 64, 1).hits, (std::vector<std::uint64_t>{0, 0}));
}

TEST(Propagation, PremisesThatShareARootAreNotIndependent) {
  // root -> a, root -> b, (a and b) -> c: exact 0.5, by equations 0.25.
  StepList steps;
  steps.Add({}, 0, 0.5);
  steps.Add(std::vector<Fact>{0}, 1, 1);
  steps.Add(std::vector<Fact>{0}, 2, 1);
  steps.Add(std::vector<Fact>{1, 2}, 3, 1);
  const AttackGraph graph(4, std::move(steps));
  EXPECT_DOUBLE_EQ(ExactPropagation(graph).value()[3], 0.5);
  const EquationPropagation equations = PropagateByEquations(graph);
  EXPECT_DOUBLE_EQ(equations.probability[3], 0.25);
  EXPECT_FALSE(equations.upper_bound);
}

TEST(Propagation, ExactIsTheDefinitionOnRandomGraphs) {
  Random random(21);
  for (int trial = 0; trial < 200; ++trial) {
    const AttackGraph graph = RandomAttackGraph(1 + random.Below(6), 2 + random.Below(9), 3, random);
    const std::vector<double> expected = BruteForce(graph);
    const Result<std::vector<double>> exact = ExactPropagation(graph);
    ASSERT_TRUE(exact.ok());
    for (Fact fact = 0; fact < graph.fact_count(); ++fact) EXPECT_NEAR(exact.value()[fact], expected[fact], 1e-12);
  }
}

TEST(Propagation, SamplesLieAroundTheExactValue) {
  Random random(22);
  int outside = 0;
  int tried = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const AttackGraph graph = RandomAttackGraph(6, 14, 2, random);
    const std::vector<double> exact = ExactPropagation(graph).value();
    const SampledPropagation sampled = SamplePropagation(graph, 20'000, 1000 + trial);
    EXPECT_EQ(sampled.samples, 20'032u);
    for (Fact fact = 0; fact < graph.fact_count(); ++fact) {
      const double n = static_cast<double>(sampled.samples);
      const double error = std::abs(static_cast<double>(sampled.hits[fact]) / n - exact[fact]);
      const double sigma = std::sqrt(exact[fact] * (1 - exact[fact]) / n);
      EXPECT_LE(error, 5.5 * sigma + 1e-9);
      outside += error > 2 * sigma + 1e-9 ? 1 : 0;
      ++tried;
    }
  }
  // 4.6 % of normal draws lie outside of two sigma; far more would mean that worlds depend on each other.
  EXPECT_LT(outside, tried / 8);
}

TEST(Propagation, EquationsBoundGraphsOfPathsFromAbove) {
  Random random(23);
  for (int trial = 0; trial < 200; ++trial) {
    const AttackGraph graph = RandomAttackGraph(1 + random.Below(6), 2 + random.Below(10), 1, random);
    const EquationPropagation equations = PropagateByEquations(graph);
    ASSERT_TRUE(equations.upper_bound);
    ASSERT_TRUE(equations.converged);
    const std::vector<double> exact = ExactPropagation(graph).value();
    for (Fact fact = 0; fact < graph.fact_count(); ++fact) {
      EXPECT_GE(equations.probability[fact], exact[fact] - 1e-7);
      EXPECT_LE(equations.probability[fact], 1);
    }
  }
}

TEST(Propagation, EquationsAreMetAtTheFixedPoint) {
  Random random(24);
  const AttackGraph graph = RandomAttackGraph(300, 1500, 3, random);
  const EquationPropagation equations = PropagateByEquations(graph, 1e-12);
  ASSERT_TRUE(equations.converged);
  for (Fact fact = 0; fact < graph.fact_count(); ++fact) {
    double none = 1;
    for (const Step step : graph.StepsTo(fact)) {
      double success = graph.Probability(step);
      for (const Fact premise : graph.Premises(step)) success *= equations.probability[premise];
      none *= 1 - success;
    }
    EXPECT_NEAR(equations.probability[fact], 1 - none, 1e-11);
  }
}

TEST(Propagation, TheSameSeedGivesTheSameHits) {
  Random random(25);
  const AttackGraph graph = RandomAttackGraph(20, 60, 2, random);
  EXPECT_EQ(SamplePropagation(graph, 1000, 5).hits, SamplePropagation(graph, 1000, 5).hits);
  EXPECT_NE(SamplePropagation(graph, 1000, 5).hits, SamplePropagation(graph, 1000, 6).hits);
}

TEST(Propagation, TooManyUncertainStepsAreRefused) {
  StepList steps;
  for (int i = 0; i < 30; ++i) steps.Add({}, 0, 0.5);
  const Result<std::vector<double>> exact = ExactPropagation(AttackGraph(1, std::move(steps)));
  ASSERT_FALSE(exact.ok());
  EXPECT_EQ(exact.error().what, "30 uncertain steps; all outcomes are looked at for at most 22");
}

TEST(Propagation, CertainAndOutOfReachStepsCostNothing) {
  StepList steps;
  steps.Add({}, 0, 1);
  for (int i = 0; i < 40; ++i) steps.Add(std::vector<Fact>{2}, 1, 0.5);  // fact 2 never holds
  steps.Add(std::vector<Fact>{0}, 1, 0.25);
  EXPECT_DOUBLE_EQ(ExactPropagation(AttackGraph(3, std::move(steps))).value()[1], 0.25);
}

TEST(AttackGraph, APremiseNamedTwiceCountsOnce) {
  StepList steps;
  steps.Add({}, 0, 1);
  steps.Add(std::vector<Fact>{0, 0}, 1, 0.5);
  const AttackGraph graph(2, std::move(steps));
  EXPECT_EQ(graph.Premises(1).size(), 1u);
  EXPECT_TRUE(Attainable(graph)[1]);
  EXPECT_FALSE(Attainable(graph.WithProbabilities({1, 0}))[1]);
}

}  // namespace
}  // namespace ringfort::attack_graph
