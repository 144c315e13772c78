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
  return BelieveResidual(Limit(), adaptive, Rule(), base_rate, kBigram, observations);
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

}  // namespace
}  // namespace ringfort
