#include "information_flow/attack_channel.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "information_flow/capacity.h"

namespace ringfort::information_flow {
namespace {

TEST(AttackChannel, OfMembershipInference) {
  // As many misses as false alarms: a binary symmetric channel of 0.1.
  const DecisionFlow flow = MeasureDecisions({90, 10, 10, 90}).value();
  EXPECT_NEAR(flow.capacity, 0.531004406411, 1e-9);
  EXPECT_NEAR(flow.information, 0.531004406411, 1e-9);
  EXPECT_TRUE(flow.leak_shown());
  EXPECT_TRUE(flow.interval.Holds(flow.capacity));
  // The usual case: members are rare, so that an answer tells less.
  EXPECT_LT(MeasureDecisions({90, 10, 10, 90}, .01).value().information, .06);
  // At a low rate of false alarms: Z-like, log2(1 + .1 * .9^9) were there none.
  EXPECT_NEAR(FindCapacity(DecisionChannel(.1, 0).value()).bits(), 0.054837433861, 1e-9);
}

TEST(AttackChannel, ShowsNoLeakWhereTheRatesMayBeEqual) {
  const DecisionFlow flow = MeasureDecisions({55, 45, 50, 50}).value();
  EXPECT_FALSE(flow.leak_shown());
  EXPECT_GT(flow.capacity, 0);
  EXPECT_GT(flow.interval.upper, flow.capacity);
}

TEST(AttackChannel, KnowsThatTheContraryTellsAsMuch) {
  const DecisionFlow one = MeasureDecisions({90, 10, 20, 80}).value();
  const DecisionFlow other = MeasureDecisions({10, 90, 80, 20}).value();
  EXPECT_NEAR(one.capacity, other.capacity, 1e-9);
  EXPECT_NEAR(one.interval.lower, other.interval.lower, 1e-9);
  EXPECT_NEAR(one.interval.upper, other.interval.upper, 1e-9);
}

TEST(AttackChannel, IntervalHoldsTheCapacity) {
  Random random(41);
  int missed = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const double hit = random.Uniform(), alarm = random.Uniform();
    Decisions counts;
    for (int i = 0; i < 60; ++i) {
      ++(random.Uniform() < hit ? counts.true_positives : counts.false_negatives);
      ++(random.Uniform() < alarm ? counts.false_positives : counts.true_negatives);
    }
    const DecisionFlow flow = MeasureDecisions(counts).value();
    if (!flow.interval.Holds(FindCapacity(DecisionChannel(hit, alarm).value()).bits())) ++missed;
    EXPECT_LE(flow.interval.lower, flow.capacity + 1e-9);
    EXPECT_GE(flow.interval.upper, flow.capacity - 1e-9);
  }
  EXPECT_LE(missed, 15);
}

TEST(AttackChannel, OfReadingOneOfManySecrets) {
  const ExtractionFlow codes = MeasureChoices(27, 32, 10'000).value();
  EXPECT_NEAR(codes.bits_per_query, 10.58627, 1e-5);
  EXPECT_TRUE(codes.leak_shown());
  EXPECT_TRUE(codes.interval.Holds(codes.bits_per_query));
  EXPECT_NEAR(MeasureChoices(8, 8, 4096).value().bits_per_query, 12, 1e-12) << "every one of them";
  const ExtractionFlow guessed = MeasureChoices(1, 20, 20).value();
  EXPECT_EQ(guessed.bits_per_query, 0) << "so often one guesses right";
  EXPECT_FALSE(guessed.leak_shown());
  EXPECT_GT(guessed.interval.upper, 0);
  // The bound is the information of a channel whose errors are spread evenly.
  const double right = 0.7, k = 5;
  std::vector<double> rows;
  for (int in = 0; in < 5; ++in)
    for (int out = 0; out < 5; ++out) rows.push_back(in == out ? right : (1 - right) / (k - 1));
  const Channel channel = Channel::Create(5, 5, rows).value();
  EXPECT_NEAR(MeasureChoices(7, 10, k).value().bits_per_query, FindCapacity(channel).bits(), 1e-6);
  EXPECT_FALSE(MeasureChoices(1, 0, 4).ok());
  EXPECT_FALSE(MeasureChoices(5, 4, 4).ok());
  EXPECT_FALSE(MeasureChoices(1, 4, 1).ok());
}

TEST(AttackChannel, BehindAGuardCarriesLess) {
  const Channel attack = DecisionChannel(.9, .1).value();
  const Channel noise = DecisionChannel(.7, .2).value();
  EXPECT_LT(FindCapacity(Cascade(attack, noise).value()).upper, FindCapacity(attack).lower);
}

TEST(AttackChannel, OfExtraction) {
  const ExtractionFlow flow = MeasureExtraction(3, 100, 64).value();
  EXPECT_NEAR(flow.bits_per_query, 1.92, 1e-12);
  EXPECT_NEAR(flow.interval.lower, 64 * 0.0062299715, 1e-7);
  EXPECT_TRUE(flow.leak_shown());
  EXPECT_FALSE(MeasureExtraction(0, 50, 64).value().leak_shown());
  EXPECT_FALSE(MeasureExtraction(0, 0, 64).ok());
  EXPECT_FALSE(MeasureExtraction(2, 1, 64).ok());
  EXPECT_FALSE(MeasureExtraction(1, 2, NAN).ok());
}

TEST(AttackChannel, OfModelExtraction) {
  EXPECT_NEAR(ParameterBitsPerQuery(1000, 1, 1. / 16, 500).value(), 8, 1e-12);
  EXPECT_EQ(ParameterBitsPerQuery(1000, 1, 2, 500).value(), 0);
  EXPECT_FALSE(ParameterBitsPerQuery(1000, 1, 0, 500).ok());
  EXPECT_FALSE(ParameterBitsPerQuery(1000, 1, .5, 0).ok());
}

TEST(AttackChannel, HasARate) {
  EXPECT_EQ(FlowRate(.5, 20).value(), 10);
  EXPECT_FALSE(FlowRate(-.5, 20).ok());
  EXPECT_FALSE(FlowRate(.5, INFINITY).ok());
}

TEST(AttackChannel, RefusesWhatIsNoDecision) {
  EXPECT_FALSE(DecisionChannel(Decisions{0, 0, 5, 5}).ok());
  EXPECT_FALSE(DecisionChannel(Decisions{5, 5, 0, 0}).ok());
  EXPECT_FALSE(DecisionChannel(1.1, 0).ok());
  EXPECT_FALSE(DecisionChannel(NAN, 0).ok());
  EXPECT_FALSE(MeasureDecisions({1, 1, 1, 1}, 2).ok());
  EXPECT_FALSE(MeasureDecisions({1, 1, 1, 1}, .5, 1).ok());
}

}  // namespace
}  // namespace ringfort::information_flow
