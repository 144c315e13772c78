#include "threat_model/target_attack_graph.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "attack_graph/attack_path.h"
#include "attack_graph/propagation.h"

namespace ringfort {
namespace {

using attack_graph::kNone;

// A model behind an endpoint; what readers ask is logged into the text that it is trained on.
Target Newsroom(bool closed) {
  Target target;
  target.assets = {{"archive", AssetKind::kDataset, "corpus", "", Verdict::kClean, {}},
                   {"bigram", AssetKind::kModel, "model", "", Verdict::kClean, {}},
                   {"assistant", AssetKind::kEndpoint, "http://127.0.0.1", "", Verdict::kClean, {}}};
  target.ties = {{"bigram", Relation::kTrainedOn, "archive", ""}, {"assistant", Relation::kServes, "bigram", ""}};
  target.assets[0].traits = {"public_sources", "text"};
  target.assets[1].traits = {"classifier", "generative", "language", "safety_trained", "vision"};
  target.assets[2].traits = {"system_prompt"};
  if (closed) target.ties.push_back({"assistant", Relation::kLogsTo, "archive", ""});
  return target;
}

TargetAttackGraph Build(const Target& target, const std::vector<ObservedCapability>& observed = {},
                        const TargetOptions& options = {}) {
  Result<TargetAttackGraph> graph = BuildTargetAttackGraph(knowledge::BuiltinCatalog(), target, observed, options);
  EXPECT_TRUE(graph.ok()) << graph.error().what;
  return std::move(graph).value();
}

double ProbabilityOf(const TargetAttackGraph& graph, std::string_view asset, std::string_view capability) {
  const attack_graph::Fact fact = graph.Find(asset, capability);
  if (fact == kNone) return 0;
  const auto sampled = attack_graph::SamplePropagation(graph.derivation.graph, 20'000, 1);
  return static_cast<double>(sampled.hits[fact]) / static_cast<double>(sampled.samples);
}

TEST(TargetAttackGraph, RulesMeetTheTargetsOwnAssets) {
  const TargetAttackGraph graph = Build(Newsroom(true));
  EXPECT_NE(graph.Find("bigram", "query"), kNone);
  EXPECT_NE(graph.Find("archive", "records_recovered"), kNone);
  EXPECT_EQ(graph.Find("archive", "query"), kNone) << "a dataset answers no queries";
  EXPECT_EQ(graph.origins.size(), graph.derivation.graph.step_count());
  for (attack_graph::Step step = 0; step < graph.origins.size(); ++step) {
    const double p = graph.derivation.graph.Probability(step);
    EXPECT_GT(p, 0);
    EXPECT_LE(p, 1);
    if (graph.origins[step].rule == nullptr) {
      EXPECT_EQ(p, 1) << "what the target says of itself is given";
    }
  }
}

TEST(TargetAttackGraph, AnObservationMakesMoreProbable) {
  const std::vector<ObservedCapability> payload = {{"bigram", "carries_payload"}};
  EXPECT_EQ(ProbabilityOf(Build(Newsroom(true), payload), "bigram", "carries_payload"), 1);
  EXPECT_LT(ProbabilityOf(Build(Newsroom(true)), "bigram", "carries_payload"), 1);
}

TEST(TargetAttackGraph, WhatIsRuledOutIsGone) {
  TargetOptions options;
  for (const knowledge::StepRule& rule : knowledge::BuiltinCatalog().step_rules)
    if (rule.needs.empty()) options.ruled_out.insert(rule.id);
  const TargetAttackGraph graph = Build(Newsroom(true), {}, options);
  EXPECT_EQ(ProbabilityOf(graph, "bigram", "query"), 0) << "without an entry nobody gets anywhere";
}

TEST(TargetAttackGraph, AMitigationLetsLessThrough) {
  const auto with = [](std::set<std::string> mitigations) {
    TargetOptions options;
    options.mitigations = std::move(mitigations);
    return ProbabilityOf(Build(Newsroom(true), {{"assistant", "reach"}}, options), "archive", "records_recovered");
  };
  std::set<std::string> all;
  for (const knowledge::Mitigation& mitigation : knowledge::BuiltinCatalog().mitigations) all.insert(mitigation.id);
  const double none = with({});
  EXPECT_GT(none, 0.01);
  EXPECT_LT(with(all), 0.7 * none);
}

Observation Tried(std::string step, std::string asset, std::uint64_t successes, std::uint64_t trials,
                  std::vector<std::string> mitigations = {}) {
  Observation observation;
  observation.step = std::move(step);
  observation.asset = std::move(asset);
  observation.mitigations = std::move(mitigations);
  observation.adaptive = !observation.mitigations.empty();
  observation.successes = successes;
  observation.trials = trials;
  observation.source = "a test";
  observation.measured_at = "2026-11-21T10:00:00Z";
  return Identified(observation);
}

// By the step's rule and the first asset of its facts that is `asset`.
attack_graph::Step StepOf(const TargetAttackGraph& graph, std::string_view rule, std::string_view asset) {
  for (attack_graph::Step step = 0; step < graph.origins.size(); ++step)
    if (graph.origins[step].rule != nullptr && graph.origins[step].rule->id == rule)
      for (const attack_graph::Fact fact : graph.derivation.graph.Premises(step))
        if (graph.derivation.facts[fact].terms[0].text == asset) return step;
  return kNone;
}

constexpr const char* kKnockoff = "step.model_extraction.knockoff";

TEST(TargetAttackGraph, WhatWasMeasuredReplacesWhatWasPublished) {
  Target target = Newsroom(true);
  target.assets.push_back({"other", AssetKind::kModel, "other", "", Verdict::kClean, {}});
  target.ties.push_back({"assistant", Relation::kServes, "other", ""});
  TargetOptions options;
  options.observations = {Tried(kKnockoff, "bigram", 0, 90), Tried("step.nonesuch", "", 1, 2),
                          Tried(kKnockoff, "", 1, 2, {"mitigation.cost_ceiling", "mitigation.rate_limit"}),
                          Tried(kKnockoff, "", 1, 2, {"mitigation.rate_limit", "mitigation.spotlighting"})};
  const TargetAttackGraph graph = Build(target, {}, options);
  const attack_graph::Step step = StepOf(graph, kKnockoff, "bigram"), elsewhere = StepOf(graph, kKnockoff, "other");
  ASSERT_NE(step, kNone);
  ASSERT_NE(elsewhere, kNone);
  EXPECT_DOUBLE_EQ(graph.derivation.graph.Probability(step), 0.092);
  EXPECT_EQ(graph.origins[step].provenance, Provenance::kMeasured);
  EXPECT_EQ(graph.origins[step].belief.trials, 90u);
  EXPECT_FALSE(graph.origins[step].belief.elsewhere);
  EXPECT_TRUE(graph.origins[elsewhere].belief.elsewhere);
  EXPECT_EQ(graph.unused_observations, 2u) << "of no step, and under what does not answer it";
}

TEST(TargetAttackGraph, TriesUnderSeveralMitigationsHoldForTheirProduct) {
  TargetOptions options;
  options.mitigations = {"mitigation.cost_ceiling", "mitigation.rate_limit"};
  const TargetAttackGraph before = Build(Newsroom(true), {}, options);
  options.observations = {Tried(kKnockoff, "bigram", 0, 200, {"mitigation.cost_ceiling", "mitigation.rate_limit"})};
  const TargetAttackGraph after = Build(Newsroom(true), {}, options);
  const attack_graph::Step step = StepOf(after, kKnockoff, "bigram");
  EXPECT_LT(after.derivation.graph.Probability(step), 0.1 * before.derivation.graph.Probability(step));
  EXPECT_EQ(after.unused_observations, 0u);
  for (const TargetAttackGraph::Answer& answer : after.origins[step].answers)
    EXPECT_EQ(answer.adaptive.trials, answer.in_place ? 200u : 0u) << answer.mitigation->id;
}

TEST(TargetAttackGraph, AMeasuredResidualIsThatOfItsStepAlone) {
  TargetOptions options;
  options.mitigations = {"mitigation.rate_limit"};
  const TargetAttackGraph before = Build(Newsroom(true), {}, options);
  options.observations = {Tried(kKnockoff, "bigram", 0, 200, {"mitigation.rate_limit"})};
  const TargetAttackGraph after = Build(Newsroom(true), {}, options);
  const attack_graph::Step step = StepOf(after, kKnockoff, "bigram");
  EXPECT_LT(after.derivation.graph.Probability(step), 0.05 * before.derivation.graph.Probability(step));
  EXPECT_EQ(before.origins[step].provenance, Provenance::kAssumed) << "the residual is assumed";
  EXPECT_EQ(after.origins[step].provenance, Provenance::kPublished) << "the residual is measured, the step is not";
  for (attack_graph::Step other = 0; other < after.origins.size(); ++other)
    if (other != step) {
      EXPECT_EQ(after.derivation.graph.Probability(other), before.derivation.graph.Probability(other));
    }
}

TEST(TargetAttackGraph, EveryAnswerOfTheCatalogStandsAtItsStep) {
  const TargetAttackGraph graph = Build(Newsroom(true));
  const attack_graph::Step step = StepOf(graph, kKnockoff, "bigram");
  const TargetAttackGraph::StepOrigin& origin = graph.origins[step];
  ASSERT_EQ(origin.answers.size(), origin.rule->answered_by.size());
  double expected = origin.belief.mean();
  for (const TargetAttackGraph::Answer& answer : origin.answers) {
    EXPECT_FALSE(answer.in_place);
    expected *= answer.adaptive.mean();
  }
  EXPECT_EQ(graph.ProbabilityWith(step, [](const auto&) { return true; }), expected);
  EXPECT_EQ(graph.ProbabilityWith(step, [](const auto&) { return false; }), origin.belief.mean());
}

TEST(TargetAttackGraph, AStepIsTriedOnlyOnAnAssetWithItsTraits) {
  Target plain = Newsroom(true);
  for (Asset& asset : plain.assets) asset.traits.clear();
  Target marked = plain;
  marked.assets[1].traits = {"watermarked"};
  EXPECT_EQ(Build(plain).Find("bigram", "unmarked"), kNone);
  EXPECT_NE(Build(marked).Find("bigram", "unmarked"), kNone);
  // Both of its traits, not one of them.
  constexpr const char* kWorded = "step.backdoor.image_text";
  marked.assets[1].traits = {"vision"};
  EXPECT_EQ(StepOf(Build(marked, {{"archive", "poisoned"}}), kWorded, "bigram"), kNone);
  marked.assets[1].traits = {"language", "vision"};
  EXPECT_NE(StepOf(Build(marked, {{"archive", "poisoned"}}), kWorded, "bigram"), kNone);
}

TEST(TargetAttackGraph, WhatIsLeftOutForWantOfTraitsIsCounted) {
  const auto left_out = [](const Target& target) {
    const auto found = FindLeftOutSteps(knowledge::BuiltinCatalog(), target, {});
    EXPECT_TRUE(found.ok());
    return found.value();
  };
  Target target = Newsroom(true);
  const LeftOutSteps some = left_out(target);
  ASSERT_FALSE(some.missing.empty());
  EXPECT_GT(some.steps, 10u);
  EXPECT_TRUE(std::ranges::any_of(some.missing, [](const LeftOutSteps::Missing& missing) {
    return missing.asset == "bigram" && missing.trait == "federated" && missing.steps >= 5;
  }));
  EXPECT_TRUE(std::ranges::none_of(some.missing, [](const LeftOutSteps::Missing& missing) {
    return missing.asset == "bigram" && missing.trait == "generative";
  })) << "it has that one";
  for (Asset& asset : target.assets)
    for (const knowledge::AssetEntry& entry : knowledge::BuiltinCatalog().assets)
      if (entry.kind == asset.kind)
        for (const knowledge::Trait& trait : entry.traits) asset.traits.push_back(trait.id);
  EXPECT_EQ(left_out(target).steps, 0u);
}

TEST(TargetAttackGraph, FaultsAreNamed) {
  const auto error = [](const std::vector<ObservedCapability>& observed, const TargetOptions& options) {
    const auto graph = BuildTargetAttackGraph(knowledge::BuiltinCatalog(), Newsroom(true), observed, options);
    return graph.ok() ? "none" : graph.error().what;
  };
  EXPECT_EQ(error({{"nothing", "query"}}, {}), "the target has no asset 'nothing'");
  TargetOptions unknown;
  unknown.mitigations = {"mitigation.nonesuch"};
  EXPECT_EQ(error({}, unknown), "the catalog knows no mitigation 'mitigation.nonesuch'");
}

TEST(TargetAttackGraph, TheOwnersWordCountsUntilItIsTakenBack) {
  Target target = Newsroom(true);
  target.mitigations = {"mitigation.firewall"};
  TargetOptions put_up;
  put_up.mitigations = {"mitigation.firewall"};
  TargetOptions taken_away;
  taken_away.removed = {"mitigation.firewall"};
  const double bare = ProbabilityOf(Build(Newsroom(true)), "assistant", "reach");
  const double behind = ProbabilityOf(Build(target), "assistant", "reach");
  EXPECT_LT(behind, bare);
  EXPECT_EQ(behind, ProbabilityOf(Build(Newsroom(true), {}, put_up), "assistant", "reach"));
  EXPECT_EQ(bare, ProbabilityOf(Build(target, {}, taken_away), "assistant", "reach"));
  EXPECT_FALSE(BuildTargetAttackGraph(knowledge::BuiltinCatalog(), Newsroom(true), {}, taken_away).ok())
      << "what is not in place cannot be taken away";

  target.ruled_out = {"step.entry.endpoint_reach"};
  EXPECT_EQ(Build(target).Find("assistant", "reach"), kNone);
}

}  // namespace
}  // namespace ringfort
