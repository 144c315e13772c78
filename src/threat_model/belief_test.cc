#include "threat_model/belief.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ringfort {
namespace {

using knowledge::Mitigation;
using knowledge::StepRule;

StepRule Rule() {
  StepRule rule;
  rule.id = "step.x";
  rule.prior = {9.2, 0.8, Provenance::kPublished, "somebody", ""};
  return rule;
}

Mitigation Limit() {
  Mitigation mitigation;
  mitigation.id = "mitigation.limit";
  mitigation.residual = {1, 3, Provenance::kAssumed, "", ""};
  mitigation.residual_adaptive = {3, 1, Provenance::kAssumed, "", ""};
  return mitigation;
}

Observation Tried(std::uint64_t successes, std::uint64_t trials, std::string asset = "bigram",
                  std::vector<std::string> mitigations = {}, bool adaptive = false) {
  Observation observation;
  observation.step = "step.x";
  observation.asset = std::move(asset);
  observation.mitigations = std::move(mitigations);
  observation.adaptive = adaptive;
  observation.successes = successes;
  observation.trials = trials;
  return observation;
}

const std::vector<std::string> kBigram = {"bigram", "archive"};

Belief Believe(const std::vector<Observation>& observations, const std::vector<std::string>& assets = kBigram) {
  return BelieveStep(Rule(), assets, observations);
}
Belief Through(const std::vector<Observation>& observations, bool adaptive = false, double base_rate = 0.5) {
  const Mitigation limit = Limit();
  const Mitigation* const alone[] = {&limit};
  return BelieveResiduals(alone, adaptive, Rule(), base_rate, kBigram, observations)[0];
}

TEST(Belief, WithoutObservationsThePriorSpeaks) {
  const Belief belief = Believe({});
  EXPECT_DOUBLE_EQ(belief.mean(), 0.92);
  EXPECT_EQ(belief.ground, Provenance::kPublished);
  EXPECT_EQ(belief.trials, 0u);
  EXPECT_FALSE(belief.elsewhere);
}

TEST(Belief, IsConjugate) {
  const Belief belief = Believe({Tried(2, 10), Tried(1, 30)});
  EXPECT_DOUBLE_EQ(belief.posterior.alpha(), 9.2 + 3);
  EXPECT_DOUBLE_EQ(belief.posterior.beta(), 0.8 + 37);
  EXPECT_DOUBLE_EQ(belief.mean(), 12.2 / 50);
  EXPECT_EQ(belief.trials, 40u);
  EXPECT_EQ(belief.ground, Provenance::kMeasured);
  EXPECT_NEAR(belief.posterior.Distribution(belief.interval().lower), 0.025, 1e-9);
  EXPECT_NEAR(belief.posterior.Distribution(belief.interval().upper), 0.975, 1e-9);
}

TEST(Belief, TheOrderOfObservationsDoesNotMatter) {
  std::vector<Observation> observations = {Tried(2, 10), Tried(1, 30), Tried(5, 7, ""), Tried(3, 4, "other"),
                                           Tried(1, 9, "bigram", {"mitigation.limit"})};
  const Belief first = Believe(observations);
  std::mt19937 draw(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(observations.begin(), observations.end(), draw);
    EXPECT_EQ(Believe(observations).posterior.alpha(), first.posterior.alpha());
    EXPECT_EQ(Believe(observations).posterior.beta(), first.posterior.beta());
  }
}

TEST(Belief, IsMeasuredOnceTrialsOutweighThePrior) {
  EXPECT_EQ(Believe({Tried(0, 10)}).ground, Provenance::kPublished) << "the prior weighs ten";
  EXPECT_EQ(Believe({Tried(0, 11)}).ground, Provenance::kMeasured);
  EXPECT_LT(Believe({Tried(0, 36)}).mean(), 0.25) << "a few dozen failures outweigh what was published";
}

TEST(Belief, AssetsThatDisagreeAreNotAveraged) {
  const std::vector<Observation> observations = {Tried(0, 40, "bigram"), Tried(40, 40, "other"), Tried(20, 40, "")};
  EXPECT_LT(Believe(observations).mean(), 0.25);
  EXPECT_GT(Believe(observations, {"other"}).mean(), 0.95);
  const Belief sibling = Believe(observations, {"third"});
  EXPECT_TRUE(sibling.elsewhere);
  EXPECT_EQ(sibling.trials, 120u);
  EXPECT_DOUBLE_EQ(sibling.mean(), (9.2 + 60) / 130);
}

TEST(Belief, OtherStepsAndMitigationsAreNotCounted) {
  Observation other_step = Tried(5, 40);
  other_step.step = "step.y";
  EXPECT_EQ(Believe({other_step, Tried(5, 40, "bigram", {"mitigation.limit"})}).trials, 0u);
  EXPECT_EQ(Through({other_step, Tried(5, 40), Tried(5, 40, "bigram", {"mitigation.other"}),
                     Tried(5, 40, "bigram", {"mitigation.limit", "mitigation.other"})})
                .trials,
            0u);
}

TEST(Belief, AResidualCountsTheAttemptsThatWouldHaveSucceeded) {
  // Of 40 trials 20 would have succeeded; 5 did.
  const Belief belief = Through({Tried(5, 40, "bigram", {"mitigation.limit"})});
  EXPECT_DOUBLE_EQ(belief.posterior.alpha(), 1 + 5);
  EXPECT_DOUBLE_EQ(belief.posterior.beta(), 3 + 15);
  EXPECT_EQ(belief.trials, 40u);
  EXPECT_EQ(belief.ground, Provenance::kMeasured);
  // Trials at a step that hardly ever succeeds say little of what stands before it.
  EXPECT_EQ(Through({Tried(0, 40, "bigram", {"mitigation.limit"})}, false, 0.05).ground, Provenance::kAssumed);
}

TEST(Belief, MoreSuccessesThanTheBaseRateAreNoFewerFailuresThanNone) {
  const Belief belief = Through({Tried(30, 40, "bigram", {"mitigation.limit"})});
  EXPECT_DOUBLE_EQ(belief.posterior.alpha(), 1 + 30);
  EXPECT_DOUBLE_EQ(belief.posterior.beta(), 3);
}

TEST(Belief, NaiveAndAdaptiveAreKeptApart) {
  const std::vector<Observation> observations = {Tried(1, 40, "bigram", {"mitigation.limit"}, false),
                                                 Tried(18, 40, "bigram", {"mitigation.limit"}, true)};
  EXPECT_DOUBLE_EQ(Through(observations, false).mean(), 2.0 / 24);
  EXPECT_DOUBLE_EQ(Through(observations, true).mean(), 21.0 / 24);
  EXPECT_DOUBLE_EQ(Through({}, true).mean(), 0.75);
}

// Of 40 trials under both 20 would have succeeded, and 5 did: the product of the means is
// what is believed of both together, and what is not among the mitigations says nothing.
TEST(Belief, TriesUnderSeveralMitigationsAreSharedOut) {
  const Mitigation limit = Limit();
  Mitigation mask = Limit();
  mask.id = "mitigation.mask";
  mask.residual = {3, 1, Provenance::kAssumed, "", ""};
  const Mitigation* const both[] = {&mask, &limit};
  const auto believe = [&](const std::vector<Observation>& observations, bool adaptive = false) {
    return BelieveResiduals(both, adaptive, Rule(), 0.5, kBigram, observations);
  };
  const std::vector<std::string> set = {"mitigation.limit", "mitigation.mask"};
  const std::vector<Belief> before = believe({});
  EXPECT_DOUBLE_EQ(before[0].mean(), 0.75);
  EXPECT_DOUBLE_EQ(before[1].mean(), 0.25);
  // The mean 3/16 and the second moment 3/5 x 1/10 make Beta(a, b) of weight 6.142857...
  const double spread = 3.0 / 50 / (9.0 / 256) - 1, weight = (13.0 / 16) / (3.0 / 16 * spread) - 1;
  const std::vector<Belief> after = believe({Tried(5, 40, "bigram", set)});
  EXPECT_NEAR(after[0].mean() * after[1].mean(), (3.0 / 16 * weight + 5) / (weight + 20), 1e-12);
  EXPECT_EQ(after[0].trials, 40u);
  EXPECT_EQ(after[1].trials, 40u);
  EXPECT_FALSE(after[0].elsewhere);

  EXPECT_DOUBLE_EQ(believe({Tried(5, 40, "bigram", set)}, true)[1].mean(), 0.75) << "the others adapt";
  EXPECT_DOUBLE_EQ(believe({Tried(5, 40, "bigram", {"mitigation.mask", "mitigation.other"})})[0].mean(), 0.75);
  // Assets nearest: a sibling's tries under both count only where the asset has none.
  EXPECT_EQ(believe({Tried(5, 40, "bigram", set), Tried(40, 40, "other", set)})[0].mean(), after[0].mean());
  EXPECT_TRUE(believe({Tried(5, 40, "other", set)})[0].elsewhere);
  // One at a time counts first, whatever the order.
  const Observation alone = Tried(0, 40, "bigram", {"mitigation.limit"});
  const Observation together = Tried(5, 40, "bigram", set);
  EXPECT_EQ(believe({alone, together})[0].mean(), believe({together, alone})[0].mean());
  EXPECT_GT(believe({alone, together})[0].mean(), after[0].mean());
}

}  // namespace
}  // namespace ringfort
