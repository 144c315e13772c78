#include "information_flow/capacity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "information_flow/mutual_information.h"
#include "information_flow/random_channel_internal.h"

namespace ringfort::information_flow {
namespace {

Channel Of(const std::vector<std::vector<double>>& rows) { return Channel::Create(rows).value(); }

// Both ends must hold the known value and lie close to it.
Capacity ExpectCapacity(const Channel& channel, double known, double within = 1e-10) {
  const Capacity capacity = FindCapacity(channel, {.tolerance = 1e-11});
  EXPECT_TRUE(capacity.converged);
  EXPECT_LE(capacity.lower, known + within);
  EXPECT_GE(capacity.upper, known - within);
  EXPECT_NEAR(capacity.bits(), known, within);
  return capacity;
}

TEST(Capacity, OfBinarySymmetricChannels) {
  for (const auto& [flip, known] : std::vector<std::pair<double, double>>{{.01, 0.919206864104},
                                                                          {.05, 0.713603042884},
                                                                          {.1, 0.531004406411},
                                                                          {.11, 0.500084041835},
                                                                          {.2, 0.278071905113},
                                                                          {.25, 0.188721875541},
                                                                          {.5, 0}}) {
    ExpectCapacity(BinaryChannel(flip, 1 - flip).value(), known, 1e-12);
  }
}

TEST(Capacity, OfBinaryErasureChannels) {
  for (const double erased : {0.0, .1, .37, .99, 1.0})
    ExpectCapacity(Of({{1 - erased, erased, 0}, {0, erased, 1 - erased}}), 1 - erased, 1e-12);
}

TEST(Capacity, OfZChannels) {
  struct Case {
    double error, known, zero;
  };
  for (const Case& z : {Case{.1, 0.762848252011, .543702}, Case{.25, 0.558238626737, .572174},
                        Case{.5, 0.321928094887, .6}, Case{.9, 0.054837433861, .627029}}) {
    const Capacity capacity = ExpectCapacity(BinaryChannel(0, 1 - z.error).value(), z.known);
    EXPECT_NEAR(capacity.bits(), std::log2(1 + (1 - z.error) * std::pow(z.error, z.error / (1 - z.error))), 1e-11);
    EXPECT_NEAR(capacity.input[0], z.zero, 1e-5);
  }
}

TEST(Capacity, OfBooks) {
  ExpectCapacity(Of({{.3, .2, .5}, {.5, .3, .2}, {.2, .5, .3}}), 0.099487203494);
  ExpectCapacity(Of({{1. / 3, 1. / 6, 1. / 2}, {1. / 3, 1. / 2, 1. / 6}}), 0.125814583694);
  ExpectCapacity(Of({{.7, .2, .1}, {.1, .2, .7}}), 0.365148445440);
  const double e = .1 / 3;
  ExpectCapacity(Of({{.9, e, e, e}, {e, .9, e, e}, {e, e, .9, e}, {e, e, e, .9}}), 1.372508156339);
  ExpectCapacity(Of({{.5, .5, 0, 0}, {0, .5, .5, 0}, {0, 0, .5, .5}, {.5, 0, 0, .5}}), 1, 1e-12);
  ExpectCapacity(NoiselessChannel(10).value(), 3.321928094887, 1e-12);
  ExpectCapacity(Of({{.8, .2}, {.3, .7}}), 0.19123813831431799);
}

TEST(Capacity, OfEqualRowsIsNothing) {
  const Capacity capacity = ExpectCapacity(Of({{.2, .3, .5}, {.2, .3, .5}, {.2, .3, .5}}), 0, 1e-12);
  EXPECT_EQ(capacity.lower, 0);
  EXPECT_GE(capacity.upper, 0);
  ExpectCapacity(Of({{1}}), 0, 1e-12);
  ExpectCapacity(Of({{0, 1, 0}}), 0, 1e-12);
}

TEST(Capacity, LaysHopelessInputsAside) {
  // A mixture of two rows tells less than either.
  const Capacity capacity = ExpectCapacity(Of({{.9, .1}, {.5, .5}, {.1, .9}, {.3, .7}}), 0.531004406411);
  EXPECT_NEAR(capacity.input[0], .5, 1e-4);
  EXPECT_NEAR(capacity.input[1] + capacity.input[3], 0, 1e-4);
}

TEST(Capacity, HasTheClosedBoundsOfAnyChannel) {
  Random random(7);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t inputs = 1 + random.Below(9), outputs = 1 + random.Below(9);
    const Channel channel = RandomChannel(inputs, outputs, random);
    const Capacity capacity = FindCapacity(channel);
    EXPECT_TRUE(capacity.converged) << trial;
    EXPECT_LE(capacity.lower, capacity.upper);
    EXPECT_GE(capacity.lower, 0);
    EXPECT_LE(capacity.lower, std::log2(static_cast<double>(std::min(inputs, outputs))) + 1e-12);
    // The distribution shown attains the lower end, and no other passes the upper one.
    EXPECT_GE(MutualInformation(capacity.input, channel), capacity.lower - 1e-13);
    for (int i = 0; i < 10; ++i)
      EXPECT_LE(MutualInformation(RandomDistribution(inputs, random), channel), capacity.upper + 1e-13);
  }
}

TEST(Capacity, IsWhatPlainStepsFind) {
  Random random(8);
  for (int trial = 0; trial < 20; ++trial) {
    const Channel channel = RandomChannel(2 + random.Below(4), 2 + random.Below(5), random);
    const Capacity fast = FindCapacity(channel);
    const Capacity plain = FindCapacity(channel, {.tolerance = 1e-6, .iterations = 100'000, .newton = false});
    EXPECT_EQ(plain.newton_iterations, 0u);
    EXPECT_LE(plain.lower, fast.upper);
    EXPECT_GE(plain.upper, fast.lower);
  }
}

TEST(Capacity, ObeysDataProcessing) {
  Random random(9);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t middle = 1 + random.Below(5);
    const Channel first = RandomChannel(1 + random.Below(5), middle, random);
    const Channel second = RandomChannel(middle, 1 + random.Below(5), random);
    const double both = FindCapacity(Cascade(first, second).value()).lower;
    EXPECT_LE(both, FindCapacity(first).upper + 1e-12);
    EXPECT_LE(both, FindCapacity(second).upper + 1e-12);
  }
}

TEST(Capacity, OfChannelsSideBySideAddsUp) {
  Random random(10);
  for (int trial = 0; trial < 40; ++trial) {
    const Channel first = RandomChannel(1 + random.Below(4), 1 + random.Below(4), random);
    const Channel second = RandomChannel(1 + random.Below(4), 1 + random.Below(4), random);
    EXPECT_NEAR(FindCapacity(Parallel(first, second).value()).bits(),
                FindCapacity(first).bits() + FindCapacity(second).bits(), 3e-9);
  }
}

TEST(Capacity, IsConvexInTheChannel) {
  Random random(11);
  for (int trial = 0; trial < 100; ++trial) {
    const Channel one = RandomChannel(3, 4, random), two = RandomChannel(3, 4, random);
    std::vector<double> mixed(12);
    for (std::size_t i = 0; i < 12; ++i) mixed[i] = .3 * one.entries()[i] + .7 * two.entries()[i];
    EXPECT_LE(FindCapacity(Channel::Create(3, 4, mixed).value()).lower,
              .3 * FindCapacity(one).upper + .7 * FindCapacity(two).upper + 1e-12);
  }
}

TEST(Capacity, OfManyRowsThatAreNearlyTheSame) {
  // A binomial with 120 steps of its probability: few inputs carry everything, and
  // neighbors are all but equal. Plain steps take ten thousands here.
  constexpr std::size_t n = 120;
  std::vector<double> entries;
  for (std::size_t x = 0; x < n; ++x)
    for (std::size_t y = 0; y < n; ++y) {
      const double p = (static_cast<double>(x) + .5) / n, k = static_cast<double>(y), t = n - 1;
      entries.push_back(std::exp(std::lgamma(t + 1) - std::lgamma(k + 1) - std::lgamma(t - k + 1) + k * std::log(p) +
                                 (t - k) * std::log1p(-p)));
    }
  const Channel channel = Channel::FromCounts(n, n, entries).value();
  const Capacity capacity = FindCapacity(channel);
  EXPECT_TRUE(capacity.converged);
  EXPECT_LT(capacity.iterations + capacity.newton_iterations, 500u);
  EXPECT_GE(MutualInformation(capacity.input, channel), capacity.lower - 1e-12);
}

TEST(Capacity, SaysWhenItsStepsEnd) {
  const Capacity capacity =
      FindCapacity(BinaryChannel(0, .1).value(), {.tolerance = 1e-12, .iterations = 3, .newton = false});
  EXPECT_FALSE(capacity.converged);
  EXPECT_EQ(capacity.iterations, 3u);
  EXPECT_LT(capacity.lower, 0.054837433861 + 1e-9);
  EXPECT_GT(capacity.upper, 0.054837433861 - 1e-9);
}

}  // namespace
}  // namespace ringfort::information_flow
