#include "threat_model/target_hardening.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringfort {
namespace {

using attack_graph::Fact;
using attack_graph::kNone;
using attack_graph::Step;
using knowledge::Mitigation;

constexpr std::uint64_t kSamples = 20'000;

TargetAttackGraph Newsroom(const std::vector<ObservedCapability>& observed = {}, const TargetOptions& options = {}) {
  Target target;
  target.assets = {{"archive", AssetKind::kDataset, "corpus", "", Verdict::kClean, {}},
                   {"bigram", AssetKind::kModel, "model", "", Verdict::kClean, {}},
                   {"assistant", AssetKind::kEndpoint, "http://127.0.0.1", "", Verdict::kClean, {}}};
  target.ties = {{"bigram", Relation::kTrainedOn, "archive", ""},
                 {"assistant", Relation::kServes, "bigram", ""},
                 {"assistant", Relation::kLogsTo, "archive", ""}};
  target.assets[0].traits = {"public_sources", "text"};
  target.assets[1].traits = {"generative", "language", "safety_trained", "vision"};
  auto graph = BuildTargetAttackGraph(knowledge::BuiltinCatalog(), target, observed, options);
  EXPECT_TRUE(graph.ok()) << graph.error().what;
  return std::move(graph).value();
}

// Whether anybody gets to the goal, were these perfect.
bool Attains(const TargetAttackGraph& graph, Fact goal, const std::vector<const Mitigation*>& perfect) {
  std::vector<bool> shut;
  for (const TargetAttackGraph::StepOrigin& origin : graph.origins)
    shut.push_back(std::ranges::any_of(origin.answers, [&](const TargetAttackGraph::Answer& answer) {
      return std::ranges::find(perfect, answer.mitigation) != perfect.end();
    }));
  return attack_graph::Attainable(graph.derivation.graph, shut)[goal];
}

TEST(TargetHardening, TheSetPartsTheGoalAndNoneOfItIsIdle) {
  const TargetAttackGraph graph = Newsroom();
  int parted = 0;
  for (const auto& [asset, capability] : {std::pair("bigram", "copied"), std::pair("archive", "records_recovered"),
                                          std::pair("bigram", "jailbroken"), std::pair("bigram", "backdoored")}) {
    SCOPED_TRACE(capability);
    const Fact goal = graph.Find(asset, capability);
    ASSERT_NE(goal, kNone);
    const TargetHardening hardening = HardenTarget(graph, goal, kSamples, 1);
    if (!hardening.parted) continue;
    ++parted;
    EXPECT_TRUE(hardening.optimal);
    double effort = 0;
    for (const Mitigation* const mitigation : hardening.mitigations) effort += mitigation->cost.effort;
    EXPECT_DOUBLE_EQ(hardening.effort, effort);
    EXPECT_FALSE(Attains(graph, goal, hardening.mitigations));
    for (const Mitigation* const idle : hardening.mitigations) {
      std::vector<const Mitigation*> rest = hardening.mitigations;
      std::erase(rest, idle);
      EXPECT_TRUE(Attains(graph, goal, rest)) << idle->id;
    }
    EXPECT_LT(hardening.chance_then, hardening.chance_now);
    EXPECT_GT(hardening.chance_then, 0) << "no mitigation is perfect";
  }
  EXPECT_GT(parted, 0);
}

TEST(TargetHardening, NoPairOfMitigationsIsCheaper) {
  const TargetAttackGraph graph = Newsroom();
  const Fact goal = graph.Find("archive", "records_recovered");
  const TargetHardening hardening = HardenTarget(graph, goal, kSamples, 1);
  ASSERT_TRUE(hardening.parted);
  const std::vector<Mitigation>& all = knowledge::BuiltinCatalog().mitigations;
  for (const Mitigation& first : all)
    for (const Mitigation& second : all) {
      const double effort = first.cost.effort + (&first == &second ? 0 : second.cost.effort);
      if (effort < hardening.effort) {
        EXPECT_TRUE(Attains(graph, goal, {&first, &second})) << first.id << " " << second.id;
      }
    }
}

TEST(TargetHardening, WhatFollowsByDefinitionIsNamed) {
  const TargetAttackGraph graph = Newsroom({{"bigram", "weights"}});
  const TargetHardening hardening = HardenTarget(graph, graph.Find("bigram", "copied"), kSamples, 1);
  EXPECT_FALSE(hardening.parted);
  EXPECT_TRUE(hardening.mitigations.empty());
  ASSERT_EQ(hardening.unanswered.size(), 1u);
  EXPECT_EQ(graph.origins[hardening.unanswered[0]].rule->id, "step.access.weights_copy");
  EXPECT_EQ(hardening.chance_now, 1);
  EXPECT_EQ(hardening.chance_then, 1);
}

TEST(TargetHardening, WhatIsGivenNeedsNoStep) {
  const TargetAttackGraph graph = Newsroom({{"bigram", "weights"}});
  const TargetHardening hardening = HardenTarget(graph, graph.Find("bigram", "weights"), kSamples, 1);
  EXPECT_FALSE(hardening.parted);
  EXPECT_TRUE(hardening.unanswered.empty());
}

TEST(TargetHardening, WhatIsInPlaceIsNotProposedAgain) {
  const TargetAttackGraph before = Newsroom();
  const TargetHardening first = HardenTarget(before, before.Find("archive", "records_recovered"), kSamples, 1);
  ASSERT_FALSE(first.mitigations.empty());
  TargetOptions options;
  for (const Mitigation* const mitigation : first.mitigations) options.mitigations.insert(mitigation->id);
  const TargetAttackGraph after = Newsroom({}, options);
  const TargetHardening second = HardenTarget(after, after.Find("archive", "records_recovered"), kSamples, 1);
  EXPECT_EQ(second.chance_now, first.chance_then) << "the same graph, tossed with the same seed";
  for (const Mitigation* const mitigation : second.mitigations)
    EXPECT_FALSE(options.mitigations.contains(mitigation->id));
}

}  // namespace
}  // namespace ringfort
