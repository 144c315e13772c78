#include "application/reason.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "application/newsroom_sample_internal.h"

namespace ringfort {
namespace {

Reasoning ReasoningOf(const Target& target, const ReasonRequest& request = {}) {
  auto reasoned = Reason(target, request);
  EXPECT_TRUE(reasoned.ok()) << reasoned.error().what;
  return std::move(reasoned).value().reasoning;
}

const ReachedState* Find(const Reasoning& reasoning, std::string_view asset, std::string_view capability) {
  for (const ReachedState& state : reasoning.states)
    if (state.asset == asset && state.capability == capability) return &state;
  return nullptr;
}

TEST(Reason, StepsJoinTheStatesThatAreReached) {
  const Reasoning reasoning = ReasoningOf(Newsroom());
  ASSERT_FALSE(reasoning.states.empty());
  ASSERT_FALSE(reasoning.steps.empty());
  std::vector<bool> gained(reasoning.states.size(), false);
  for (const ReasonedStep& step : reasoning.steps) {
    ASSERT_LT(step.gains, reasoning.states.size());
    gained[step.gains] = true;
    for (const std::size_t need : step.needs) ASSERT_LT(need, reasoning.states.size());
    EXPECT_GT(step.probability, 0);
    EXPECT_TRUE(step.certain || step.ground != Provenance::kMeasured) << step.id << ": nothing was measured";
  }
  for (std::size_t state = 0; state < gained.size(); ++state)
    EXPECT_TRUE(gained[state]) << reasoning.states[state].capability;
  for (const ReachedState& state : reasoning.states) {
    EXPECT_LE(state.probability.low, state.probability.value);
    EXPECT_GE(state.probability.high, state.probability.value);
    EXPECT_EQ(state.probability.ground, Provenance::kAssumed) << "every way begins with an assumed entry";
  }
  EXPECT_GT(reasoning.loop_gain, 0);
  EXPECT_FALSE(reasoning.loop.empty());
  EXPECT_TRUE(std::any_of(reasoning.steps.begin(), reasoning.steps.end(),
                          [](const ReasonedStep& step) { return step.loop_share > 0; }));
}

TEST(Reason, AWayYieldsWhatItsStepsNeed) {
  const Reasoning reasoning = ReasoningOf(Newsroom());
  ASSERT_FALSE(reasoning.ways.empty());
  for (const AttackWay& way : reasoning.ways) {
    std::vector<bool> held(reasoning.states.size(), false);
    double probability = 1;
    for (const std::size_t index : way.steps) {
      const ReasonedStep& step = reasoning.steps[index];
      for (const std::size_t need : step.needs) EXPECT_TRUE(held[need]) << step.id;
      held[step.gains] = true;
      probability *= step.probability;
    }
    EXPECT_TRUE(held[way.goal]);
    EXPECT_NEAR(way.probability, probability, 1e-12);
  }
}

TEST(Reason, WhatWasObservedIsCertainAndMeasured) {
  ReasonRequest request;
  request.observed = {{"bigram", "carries_payload", {0}}};
  const Reasoning reasoning = ReasoningOf(Newsroom(), request);
  const ReachedState* seen = Find(reasoning, "bigram", "carries_payload");
  ASSERT_NE(seen, nullptr);
  EXPECT_TRUE(seen->observed);
  EXPECT_EQ(seen->probability.value, 1);
  EXPECT_EQ(seen->probability.ground, Provenance::kMeasured);
  const ReachedState* loaded = Find(reasoning, "bigram", "code_execution");
  ASSERT_NE(loaded, nullptr);
  EXPECT_FALSE(loaded->observed);
  EXPECT_GT(loaded->probability.value, Find(ReasoningOf(Newsroom()), "bigram", "code_execution")->probability.value);
}

TEST(Reason, TheWorstStatesAreThoseThatCostMost) {
  Target target = Newsroom();
  target.assets[0].worth = 100;
  ReasonRequest request;
  request.goals = 1;
  const Reasoning reasoning = ReasoningOf(target, request);
  ASSERT_FALSE(reasoning.ways.empty());
  for (const AttackWay& way : reasoning.ways) EXPECT_EQ(reasoning.states[way.goal].asset, "archive");
  EXPECT_LE(reasoning.ways.size(), request.ways_per_goal);
}

TEST(Reason, TheSameSeedGivesTheSameNumbers) {
  const Reasoning first = ReasoningOf(Newsroom());
  const Reasoning second = ReasoningOf(Newsroom());
  ASSERT_EQ(first.states.size(), second.states.size());
  for (std::size_t i = 0; i < first.states.size(); ++i)
    EXPECT_EQ(first.states[i].probability.value, second.states[i].probability.value);
}

TEST(Reason, ATargetWithoutAssetsHasNothingToReach) {
  const Reasoning reasoning = ReasoningOf(Target{});
  EXPECT_TRUE(reasoning.states.empty());
  EXPECT_TRUE(reasoning.ways.empty());
}

}  // namespace
}  // namespace ringfort
