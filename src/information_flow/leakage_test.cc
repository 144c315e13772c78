#include "information_flow/leakage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "information_flow/capacity.h"
#include "information_flow/random_channel_internal.h"

namespace ringfort::information_flow {
namespace {

TEST(Leakage, HasThePublishedValues) {
  const Channel c1 = Channel::Create(2, 2, {.8, .2, .3, .7}).value();
  EXPECT_NEAR(PosteriorBayesVulnerability(std::vector<double>{.75, .25}, c1), 31. / 40, 1e-12);
  EXPECT_NEAR(MultiplicativeCapacity(c1), 1.5, 1e-12);
  EXPECT_NEAR(MinEntropyLeakage(UniformDistribution(2), c1), std::log2(1.5), 1e-12);
  const Channel three =
      Channel::Create(3, 3, {1. / 2, 1. / 4, 1. / 4, 1. / 6, 3. / 6, 2. / 6, 1. / 2, 1. / 2, 0}).value();
  EXPECT_NEAR(PosteriorBayesVulnerability(UniformDistribution(3), three), 4. / 9, 1e-12);
  EXPECT_NEAR(MultiplicativeCapacity(three), 4. / 3, 1e-12);
  EXPECT_NEAR(MinCapacity(three), 0.415037499279, 1e-12);
}

TEST(Leakage, IsAllOrNothingAtTheEnds) {
  for (const std::size_t n : {1, 2, 7}) {
    EXPECT_EQ(MultiplicativeCapacity(NoiselessChannel(n).value()), static_cast<double>(n));
    EXPECT_NEAR(MultiplicativeCapacity(Channel::FromCounts(n, 2, std::vector<double>(2 * n, 1)).value()), 1, 1e-15);
  }
}

TEST(Leakage, IsLargestAtTheUniformPriorAndForTheIdentity) {
  Random random(31);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t inputs = 1 + random.Below(6);
    const Channel channel = RandomChannel(inputs, 1 + random.Below(6), random);
    const std::vector<double> prior = RandomDistribution(inputs, random);
    EXPECT_LE(MinEntropyLeakage(prior, channel), MinCapacity(channel) + 1e-12);
    EXPECT_NEAR(MinEntropyLeakage(UniformDistribution(inputs), channel), MinCapacity(channel), 1e-12);
    EXPECT_GE(MinCapacity(channel), FindCapacity(channel).lower - 1e-12);
    // The miracle theorem: no gain function leaks by a larger factor.
    std::vector<std::vector<double>> gains(1 + random.Below(4), std::vector<double>(inputs));
    for (auto& guess : gains)
      for (double& gain : guess) gain = random.Uniform();
    const GLeakage leak = FindGLeakage(GainFunction::Create(gains).value(), prior, channel);
    EXPECT_LE(leak.multiplicative, MultiplicativeCapacity(channel) + 1e-12);
    EXPECT_GE(leak.additive, 0);
  }
}

TEST(Leakage, OfTheIdentityGainIsBayes) {
  Random random(32);
  const Channel channel = RandomChannel(5, 4, random);
  const std::vector<double> prior = RandomDistribution(5, random);
  const GainFunction identity = GainFunction::Identity(5);
  EXPECT_NEAR(PriorGVulnerability(identity, prior), PriorBayesVulnerability(prior), 1e-15);
  EXPECT_NEAR(PosteriorGVulnerability(identity, prior, channel), PosteriorBayesVulnerability(prior, channel), 1e-15);
}

TEST(Leakage, ObeysDataProcessing) {
  Random random(33);
  for (int trial = 0; trial < 200; ++trial) {
    const Channel first = RandomChannel(4, 3, random);
    const Channel both = Cascade(first, RandomChannel(3, 5, random)).value();
    const std::vector<double> prior = RandomDistribution(4, random);
    EXPECT_LE(PosteriorBayesVulnerability(prior, both), PosteriorBayesVulnerability(prior, first) + 1e-12);
    const GainFunction two = GainFunction::Tries(4, 2).value();
    EXPECT_LE(PosteriorGVulnerability(two, prior, both), PosteriorGVulnerability(two, prior, first) + 1e-12);
  }
}

TEST(GainFunction, OfTries) {
  const GainFunction two = GainFunction::Tries(4, 2).value();
  EXPECT_EQ(two.guesses(), 6u);
  EXPECT_NEAR(PriorGVulnerability(two, std::vector<double>{.1, .4, .2, .3}), .7, 1e-15);
  EXPECT_EQ(GainFunction::Tries(3, 9).value().guesses(), 1u);
  EXPECT_EQ(GainFunction::Tries(100, 50).error().fault, Fault::kLimitExceeded);
  EXPECT_FALSE(GainFunction::Tries(3, 0).ok());
}

TEST(GainFunction, RefusesWhatIsNoGain) {
  EXPECT_FALSE(GainFunction::Create({}).ok());
  EXPECT_FALSE(GainFunction::Create({{}}).ok());
  EXPECT_FALSE(GainFunction::Create({{1, 0}, {1}}).ok());
  EXPECT_FALSE(GainFunction::Create({{-1}}).ok());
  EXPECT_FALSE(GainFunction::Create({{NAN}}).ok());
}

}  // namespace
}  // namespace ringfort::information_flow
