#include "threat_model/target_loop_gain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "attack_graph/propagation.h"

namespace ringfort {
namespace {

// A model behind an endpoint; what readers ask is logged into the text that it is trained on.
Target Newsroom(bool closed) {
  Target target;
  target.assets.resize(3);
  target.assets[0].id = "archive";
  target.assets[0].kind = AssetKind::kDataset;
  target.assets[1].id = "bigram";
  target.assets[1].kind = AssetKind::kModel;
  target.assets[1].traits = {"generative", "language", "fine_tunable"};
  target.assets[2].id = "assistant";
  target.assets[2].kind = AssetKind::kEndpoint;
  target.ties = {{"bigram", Relation::kTrainedOn, "archive", ""}, {"assistant", Relation::kServes, "bigram", ""}};
  if (closed) target.ties.push_back({"assistant", Relation::kLogsTo, "archive", ""});
  return target;
}

struct Loop {
  attack_graph::LoopGain gain{};
  std::set<std::string> assets{};  // on the loops
  double uncounted = 0;            // with the circles of definitions
};

Loop LoopOf(const Target& target) {
  const auto graph = BuildTargetAttackGraph(knowledge::BuiltinCatalog(), target, {}, {});
  EXPECT_TRUE(graph.ok()) << graph.error().what;
  const attack_graph::AttackGraph& steps = graph.value().derivation.graph;
  const std::vector<double> probability = attack_graph::PropagateByEquations(steps).probability;
  Loop loop;
  loop.gain = FindTargetLoopGain(graph.value(), probability);
  loop.uncounted = attack_graph::FindLoopGain(steps, probability).value;
  for (const attack_graph::Fact fact : loop.gain.loop)
    loop.assets.insert(graph.value().derivation.facts[fact].terms[0].text);
  for (attack_graph::Step step = 0; step < steps.step_count(); ++step) EXPECT_GE(loop.gain.sensitivity[step], 0);
  return loop;
}

TEST(TargetLoopGain, ATieClosesTheLoop) {
  const Loop open = LoopOf(Newsroom(false));
  const Loop closed = LoopOf(Newsroom(true));
  EXPECT_GT(closed.gain.value, open.gain.value);
  EXPECT_TRUE(closed.assets.contains("archive") && closed.assets.contains("bigram")) << "from data to model and back";
}

TEST(TargetLoopGain, DefinitionsWithinAnAssetAreNoLoop) {
  const Loop open = LoopOf(Newsroom(false));
  EXPECT_GT(open.uncounted, 0.5) << "scores give answers, and who has answers may get scores";
  EXPECT_LT(open.gain.value, open.uncounted);
}

}  // namespace
}  // namespace ringfort
