#include "attack_graph/attack_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "attack_graph/random_attack_graph_internal.h"
#include "graphs/shortest_paths.h"

namespace ringfort::attack_graph {
namespace {

// All ways to the goal: every choice of one step a needed fact that leans on nothing
// but itself, as a set of steps.
std::set<std::set<Step>> AllWays(const AttackGraph& graph, Fact goal) {
  std::set<std::set<Step>> ways;
  std::vector<Step> chosen(graph.fact_count(), kNone);
  const std::function<void(std::vector<Fact>)> choose = [&](std::vector<Fact> open) {
    while (!open.empty() && chosen[open.back()] != kNone) open.pop_back();
    if (open.empty()) {
      std::set<Step> steps;
      for (const Step step : chosen)
        if (step != kNone) steps.insert(step);
      std::vector<bool> shut(graph.step_count(), true);
      for (const Step step : steps) shut[step] = false;
      if (Attainable(graph, shut)[goal]) ways.insert(std::move(steps));
      return;
    }
    const Fact fact = open.back();
    open.pop_back();
    for (const Step step : graph.StepsTo(fact)) {
      if (graph.Probability(step) <= 0) continue;
      chosen[fact] = step;
      std::vector<Fact> next = open;
      for (const Fact premise : graph.Premises(step)) next.push_back(premise);
      choose(std::move(next));
      chosen[fact] = kNone;
    }
  };
  choose({goal});
  return ways;
}

double ProbabilityOf(const AttackGraph& graph, const std::set<Step>& steps) {
  double probability = 1;
  for (const Step step : steps) probability *= graph.Probability(step);
  return probability;
}

TEST(AttackPath, AllWaysAreFoundOnRandomGraphs) {
  Random random(31);
  for (const std::size_t most_premises : {1, 2, 3}) {
    for (int trial = 0; trial < 300; ++trial) {
      const AttackGraph graph = RandomAttackGraph(1 + random.Below(6), 2 + random.Below(12), most_premises, random);
      const std::set<std::set<Step>> expected = AllWays(graph, 0);
      std::set<std::set<Step>> found;
      double last = 1;
      for (const AttackPath& path : FindAttackPaths(graph, 0, 100'000)) {
        const std::set<Step> steps(path.steps.begin(), path.steps.end());
        EXPECT_EQ(steps.size(), path.steps.size()) << "a step stands twice";
        EXPECT_TRUE(found.insert(steps).second) << "a way stands twice";
        EXPECT_NEAR(path.probability, ProbabilityOf(graph, steps), 1e-12);
        EXPECT_LE(path.probability, last + 1e-12);
        last = path.probability;
        // In the order given, each step has its premises.
        std::set<Fact> held;
        for (const Step step : path.steps) {
          for (const Fact premise : graph.Premises(step)) EXPECT_TRUE(held.contains(premise));
          held.insert(graph.Conclusion(step));
        }
        EXPECT_TRUE(held.contains(0));
      }
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(AttackPath, TheBestComeFirstOnGraphsOfPaths) {
  Random random(32);
  for (int trial = 0; trial < 100; ++trial) {
    const AttackGraph graph = RandomAttackGraph(6, 14, 1, random);
    std::vector<double> all;
    for (const std::set<Step>& way : AllWays(graph, 0)) all.push_back(ProbabilityOf(graph, way));
    std::sort(all.rbegin(), all.rend());
    const std::vector<AttackPath> best = FindAttackPaths(graph, 0, 3);
    ASSERT_EQ(best.size(), std::min<std::size_t>(3, all.size()));
    for (std::size_t i = 0; i < best.size(); ++i) EXPECT_NEAR(best[i].probability, all[i], 1e-12);
  }
}

// Large graphs are searched near the ends of the paths; nothing likelier lies elsewhere.
TEST(AttackPath, LargeGraphsAreSearchedNearThePathsAlone) {
  Random random(33);
  for (const std::size_t degree : {2, 4}) {
    constexpr std::size_t kFacts = 30'000;
    StepList list;
    std::vector<graphs::Arc> arcs;
    std::vector<double> costs;
    const auto add = [&](bool open, Fact from, Fact to, double p) {
      const Fact premises[] = {from};
      list.Add(open ? std::span<const Fact>{} : premises, to, p);
      arcs.push_back({open ? static_cast<graphs::Node>(kFacts) : from, to});
      costs.push_back(-std::log(p));
    };
    for (int open = 0; open < 3; ++open)
      add(true, 0, static_cast<Fact>(random.Below(kFacts)), 0.1 + 0.9 * random.Uniform());
    for (std::size_t i = 0; i < degree * kFacts; ++i)
      add(false, static_cast<Fact>(random.Below(kFacts)), static_cast<Fact>(random.Below(kFacts)),
          i % 10 == 0 ? 1 : 0.01 + 0.99 * random.Uniform());
    const AttackGraph graph(kFacts, std::move(list));
    const graphs::DirectedGraph whole(kFacts + 1, arcs);
    for (int trial = 0; trial < 20; ++trial) {
      const auto goal = static_cast<Fact>(random.Below(kFacts));
      const auto expected = graphs::FindPaths(whole, costs, kFacts, goal, 15);
      const auto found = FindAttackPaths(graph, goal, 15);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_NEAR(-std::log(found[i].probability), expected[i].cost, 1e-9) << "path " << i;
    }
  }
}

TEST(AttackPath, ASharedStepCountsOnce) {
  StepList steps;
  steps.Add({}, 0, 0.5, 3);
  steps.Add(std::vector<Fact>{0}, 1, 0.5, 1);
  steps.Add(std::vector<Fact>{0}, 2, 0.5, 1);
  steps.Add(std::vector<Fact>{1, 2}, 3, 1, 1);
  const std::vector<AttackPath> paths = FindAttackPaths(AttackGraph(4, std::move(steps)), 3, 10);
  ASSERT_EQ(paths.size(), 1u);
  EXPECT_DOUBLE_EQ(paths[0].probability, 0.125);
  EXPECT_DOUBLE_EQ(paths[0].cost, 6);
}

// One pass for all facts finds what a search for each of them finds.
TEST(AttackPath, LastStepsAreThoseOfTheBestTrees) {
  Random random(32);
  for (int trial = 0; trial < 300; ++trial) {
    const AttackGraph graph = RandomAttackGraph(2 + random.Below(8), 2 + random.Below(20), 2, random);
    const LastSteps last = FindLastSteps(graph);
    std::vector<double> tree(graph.fact_count(), 0);
    for (const Fact fact : last.order) {
      tree[fact] = graph.Probability(last.step[fact]);
      for (const Fact premise : graph.Premises(last.step[fact])) tree[fact] *= tree[premise];
    }
    for (Fact fact = 0; fact < graph.fact_count(); ++fact) {
      EXPECT_EQ(last.step[fact] == kNone, FindAttackPaths(graph, fact, 1).empty());
      // No step does better, so each is the last of a best tree.
      for (const Step step : graph.StepsTo(fact)) {
        double other = graph.Probability(step);
        for (const Fact premise : graph.Premises(step)) other *= tree[premise];
        EXPECT_LE(other, tree[fact] * (1 + 1e-12));
      }
    }
  }
}

TEST(AttackPath, NoneToAGoalOutOfReach) { EXPECT_TRUE(FindAttackPaths(AttackGraph(1, {}), 0, 5).empty()); }

}  // namespace
}  // namespace ringfort::attack_graph
