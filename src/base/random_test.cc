#include "base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace ringfort {
namespace {

TEST(Random, TheSameSeedGivesTheSameNumbers) {
  Random a(7);
  Random b(7);
  Random c(8);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.Next(), b.Next());
  EXPECT_NE(a.Next(), c.Next());
}

TEST(Random, NumbersAreThoseOfThePublishedGenerator) {
  // splitmix64 of seed 0 begins so; xoshiro256++ then gives what its definition says.
  const std::uint64_t s0 = 0xE220A8397B1DCDAF;
  const std::uint64_t s3 = 0xF88BB8A8724C81EC;
  EXPECT_EQ(Random(0).Next(), std::rotl(s0 + s3, 23) + s0);
}

TEST(Random, UniformStaysInsideAndFillsTheInterval) {
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = random.Uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

TEST(Random, BelowIsUniformAlsoForBoundsThatAreNoPowerOfTwo) {
  Random random(2);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[random.Below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random.Below(1), 0u);
  EXPECT_EQ(random.Below(0), 0u);
}

}  // namespace
}  // namespace ringfort
