#include "threat_model/target_attack_graph.h"

#include <gtest/gtest.h>

#include "attack_graph/attack_path.h"
#include "attack_graph/loop_gain.h"
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

TEST(TargetAttackGraph, ATieClosesTheLoop) {
  const auto gain = [](const Target& target) {
    const TargetAttackGraph graph = Build(target);
    return attack_graph::FindLoopGain(graph.derivation.graph,
                                      attack_graph::PropagateByEquations(graph.derivation.graph).probability)
        .value;
  };
  EXPECT_GT(gain(Newsroom(true)), gain(Newsroom(false)));
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

}  // namespace
}  // namespace ringfort
