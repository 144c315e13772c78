#include "information_flow/mutual_information.h"

#include <gtest/gtest.h>

#include <cmath>

#include "information_flow/random_channel_internal.h"

namespace ringfort::information_flow {
namespace {

TEST(MutualInformation, HasThePublishedValues) {
  const Channel c1 = Channel::Create(2, 2, {.8, .2, .3, .7}).value();
  EXPECT_NEAR(ConditionalEntropy(std::vector<double>{.25, .75}, c1), 0.669020059980807, 1e-12);
  EXPECT_NEAR(Entropy(std::vector<double>{.2, .8}), 0.721928094887362, 1e-14);
}

TEST(MutualInformation, OfGaussianNoise) {
  for (const auto& [snr, bits] :
       std::vector<std::pair<double, double>>{{0, 0}, {1, .5}, {3, 1}, {10, 1.729715809319}, {100, 3.329105741376}}) {
    EXPECT_NEAR(GaussianCapacity(snr), bits, 1e-12);
    EXPECT_NEAR(ShannonHartley(1, snr), 2 * bits, 2e-12);
  }
}

TEST(MutualInformation, IsTheMeanDivergence) {
  Random random(21);
  for (int trial = 0; trial < 100; ++trial) {
    const std::size_t inputs = 1 + random.Below(6);
    const Channel channel = RandomChannel(inputs, 1 + random.Below(6), random);
    const std::vector<double> prior = RandomDistribution(inputs, random);
    // H(Y) - H(Y | X), the other way round.
    double noise = 0;
    for (std::size_t x = 0; x < inputs; ++x) noise += prior[x] * Entropy(channel.Row(x));
    const double information = MutualInformation(prior, channel);
    EXPECT_NEAR(information, Entropy(OutputDistribution(prior, channel)) - noise, 1e-12);
    EXPECT_LE(information, Entropy(prior) + 1e-12);
    EXPECT_NEAR(information + ConditionalEntropy(prior, channel), Entropy(prior), 1e-12);
  }
}

TEST(MutualInformation, ObeysDataProcessing) {
  Random random(22);
  for (int trial = 0; trial < 300; ++trial) {
    const Channel first = RandomChannel(4, 3, random), second = RandomChannel(3, 5, random);
    const std::vector<double> prior = RandomDistribution(4, random);
    const double both = MutualInformation(prior, Cascade(first, second).value());
    EXPECT_LE(both, MutualInformation(prior, first) + 1e-12);
    EXPECT_LE(both, MutualInformation(OutputDistribution(prior, first), second) + 1e-12);
  }
}

TEST(Divergence, IsInfiniteWhereNothingWasExpected) {
  EXPECT_TRUE(std::isinf(Divergence(std::vector<double>{.5, .5}, std::vector<double>{1, 0})));
  EXPECT_EQ(Divergence(std::vector<double>{1, 0}, std::vector<double>{.5, .5}), 1);
}

}  // namespace
}  // namespace ringfort::information_flow
