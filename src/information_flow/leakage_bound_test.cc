#include "information_flow/leakage_bound.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::information_flow {
namespace {

using Nodes = std::vector<graphs::Node>;

// Training records (0) teach a model (1); a chat (2) and a score interface (3) serve
// it to the public (4).
std::vector<FlowEdge> Served() {
  return {{{0, 1}, 1000, 1000}, {{1, 2}, 100, 100}, {{1, 3}, 100, 100}, {{2, 4}, .5, 10, 4, 1}, {{3, 4}, 2, 10, 1, 8}};
}

TEST(LeakageBound, IsTheLeastCut) {
  const LeakageBound bound = FindLeakageBound(5, Served(), Nodes{0}, Nodes{4}).value();
  EXPECT_EQ(bound.bits_per_second, 25);
  ASSERT_EQ(bound.cut.size(), 2u);
  EXPECT_EQ(bound.cut[0].edge, 4u);
  EXPECT_EQ(bound.cut[0].lever, Lever::kNoise);
  EXPECT_EQ(bound.cut[0].saved_per_cost, 10);
  EXPECT_EQ(bound.cut[1].lever, Lever::kBandwidth);
  EXPECT_EQ(bound.cut[1].saved_per_cost, 2.5);
  EXPECT_EQ(bound.SecondsFor(100), 4);
}

TEST(LeakageBound, WithoutALeverSaysSo) {
  std::vector<FlowEdge> edges = Served();
  edges[4].cost_of_halving_capacity = edges[4].cost_of_halving_bandwidth = kImpossible;
  const LeakageBound bound = FindLeakageBound(5, edges, Nodes{0}, Nodes{4}).value();
  EXPECT_EQ(bound.cut.back().edge, 4u);
  EXPECT_EQ(bound.cut.back().lever, Lever::kNone);
}

TEST(LeakageBound, OfObserversWhoShareIsAtMostTheSum) {
  Random random(51);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<FlowEdge> edges;
    for (int i = 0; i < 14; ++i)
      edges.push_back({{static_cast<graphs::Node>(random.Below(6)), static_cast<graphs::Node>(random.Below(6))},
                       static_cast<double>(random.Below(4)),
                       static_cast<double>(random.Below(4))});
    const double both = FindLeakageBound(6, edges, Nodes{0}, Nodes{4, 5}).value().bits_per_second;
    const double one = FindLeakageBound(6, edges, Nodes{0}, Nodes{4}).value().bits_per_second;
    const double other = FindLeakageBound(6, edges, Nodes{0}, Nodes{5}).value().bits_per_second;
    EXPECT_LE(both, one + other);
    EXPECT_GE(both, std::max(one, other));
  }
}

TEST(LeakageBound, FallsByTheRateOfAClosedEdge) {
  Random random(52);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<FlowEdge> edges;
    for (int i = 0; i < 12; ++i)
      edges.push_back({{static_cast<graphs::Node>(random.Below(6)), static_cast<graphs::Node>(random.Below(6))},
                       static_cast<double>(random.Below(4)),
                       1});
    const LeakageBound bound = FindLeakageBound(6, edges, Nodes{0}, Nodes{5}).value();
    for (const CutEdge& cut : bound.cut) {
      std::vector<FlowEdge> closed = edges;
      closed[cut.edge].uses_per_second = 0;
      EXPECT_EQ(FindLeakageBound(6, closed, Nodes{0}, Nodes{5}).value().bits_per_second,
                bound.bits_per_second - cut.rate);
    }
  }
}

TEST(LeakageBound, AtTheEnds) {
  EXPECT_EQ(FindLeakageBound(3, {}, Nodes{0}, Nodes{2}).value().bits_per_second, 0);
  EXPECT_TRUE(std::isinf(FindLeakageBound(3, {}, Nodes{0}, Nodes{2}).value().SecondsFor(1)));
  const std::vector<FlowEdge> open = {{{0, 1}, kImpossible, 3}};
  const LeakageBound bound = FindLeakageBound(2, open, Nodes{0}, Nodes{1}).value();
  EXPECT_TRUE(std::isinf(bound.bits_per_second));
  EXPECT_TRUE(bound.cut.empty());
  const std::vector<FlowEdge> shut = {{{0, 1}, kImpossible, 0}};
  EXPECT_EQ(FindLeakageBound(2, shut, Nodes{0}, Nodes{1}).value().bits_per_second, 0);
}

TEST(LeakageBound, RefusesWhatIsNoNetwork) {
  EXPECT_FALSE(FindLeakageBound(2, {}, Nodes{}, Nodes{1}).ok());
  EXPECT_FALSE(FindLeakageBound(2, {}, Nodes{0}, Nodes{}).ok());
  EXPECT_FALSE(FindLeakageBound(2, {}, Nodes{0}, Nodes{0}).ok());
  EXPECT_FALSE(FindLeakageBound(2, {}, Nodes{7}, Nodes{1}).ok());
  EXPECT_FALSE(FindLeakageBound(2, {}, Nodes{0}, Nodes{7}).ok());
  EXPECT_FALSE(FindLeakageBound(2, std::vector<FlowEdge>{{{0, 9}, 1, 1}}, Nodes{0}, Nodes{1}).ok());
  EXPECT_FALSE(FindLeakageBound(2, std::vector<FlowEdge>{{{0, 1}, -1, 1}}, Nodes{0}, Nodes{1}).ok());
  EXPECT_FALSE(FindLeakageBound(2, std::vector<FlowEdge>{{{0, 1}, NAN, 1}}, Nodes{0}, Nodes{1}).ok());
  EXPECT_FALSE(FindLeakageBound(2, std::vector<FlowEdge>{{{0, 1}, 1, 1, 0, 1}}, Nodes{0}, Nodes{1}).ok());
}

}  // namespace
}  // namespace ringfort::information_flow
