#include "attack_graph/hardening.h"

#include <gtest/gtest.h>

#include <limits>

#include "attack_graph/random_attack_graph_internal.h"

namespace ringfort::attack_graph {
namespace {

bool Parts(const AttackGraph& graph, Fact goal, const std::vector<Control>& controls,
           const std::vector<std::size_t>& taken) {
  std::vector<bool> shut(graph.step_count(), false);
  for (const std::size_t control : taken)
    for (const Step step : controls[control].closes) shut[step] = true;
  return !Attainable(graph, shut)[goal];
}

TEST(Hardening, IsTheCheapestOfAllSetsOnRandomGraphs) {
  Random random(41);
  int impossible = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const AttackGraph graph = RandomAttackGraph(1 + random.Below(7), 2 + random.Below(20), 3, random);
    std::vector<Control> controls(random.Below(9));
    for (Control& control : controls) {
      control.cost = static_cast<double>(random.Below(5));
      for (std::uint64_t n = 1 + random.Below(4); n > 0; --n)
        control.closes.push_back(static_cast<Step>(random.Below(graph.step_count())));
    }
    double cheapest = std::numeric_limits<double>::infinity();
    for (std::uint32_t set = 0; set < 1u << controls.size(); ++set) {
      std::vector<std::size_t> taken;
      double cost = 0;
      for (std::size_t i = 0; i < controls.size(); ++i) {
        if ((set >> i & 1) == 0) continue;
        taken.push_back(i);
        cost += controls[i].cost;
      }
      if (cost < cheapest && Parts(graph, 0, controls, taken)) cheapest = cost;
    }
    const std::optional<Hardening> hardening = FindHardening(graph, 0, controls);
    ASSERT_EQ(hardening.has_value(), cheapest < std::numeric_limits<double>::infinity());
    if (!hardening) {
      ++impossible;
      continue;
    }
    EXPECT_EQ(hardening->cost, cheapest);
    EXPECT_TRUE(hardening->optimal);
    EXPECT_TRUE(Parts(graph, 0, controls, hardening->controls));
  }
  EXPECT_GT(impossible, 20);
  EXPECT_LT(impossible, 380);
}

TEST(Hardening, OfAGoalOutOfReachIsNothing) {
  const std::optional<Hardening> hardening = FindHardening(AttackGraph(1, {}), 0, {});
  ASSERT_TRUE(hardening);
  EXPECT_TRUE(hardening->controls.empty());
  EXPECT_EQ(hardening->cost, 0);
}

TEST(Hardening, WithoutTimeForTheProofStillParts) {
  Random random(42);
  StepList steps;
  steps.Add({}, 0, 1);
  std::vector<Control> controls;
  for (Fact layer = 0; layer < 12; ++layer) {
    for (int i = 0; i < 4; ++i) {
      const Step step = steps.Add(std::vector<Fact>{layer}, layer + 1, 1);
      controls.push_back({{step, static_cast<Step>(1 + random.Below(40))}, 1 + random.Uniform()});
    }
  }
  const AttackGraph graph(13, std::move(steps));
  const std::optional<Hardening> hardening = FindHardening(graph, 12, controls, 3);
  ASSERT_TRUE(hardening);
  EXPECT_FALSE(hardening->optimal);
  EXPECT_TRUE(Parts(graph, 12, controls, hardening->controls));
  EXPECT_LE(hardening->lower_bound, hardening->cost);
  EXPECT_TRUE(FindHardening(graph, 12, controls)->optimal);
}

}  // namespace
}  // namespace ringfort::attack_graph
