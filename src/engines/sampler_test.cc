#include "engines/sampler.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace ringfort::engines {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

std::vector<int> Draw(const std::vector<float>& logits, const SamplingRule& rule, int times, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<int> counts(logits.size());
  for (int i = 0; i < times; ++i) ++counts[static_cast<std::size_t>(SampleToken(logits, rule, random))];
  return counts;
}

TEST(SampleToken, WithoutTemperatureIsTheLikeliestAndDrawsNothing) {
  Random random(7), untouched(7);
  EXPECT_EQ(SampleToken(std::vector<float>{1, 4, 4, 2}, {}, random), 1);
  EXPECT_EQ(random.Next(), untouched.Next());
}

TEST(SampleToken, FollowsTheShares) {
  // Shares 1/2, 1/4, 1/4; at temperature 1/2 their squares: 2/3, 1/6, 1/6.
  const std::vector<float> row = {static_cast<float>(std::log(2.0)), 0, 0};
  const std::vector<int> once = Draw(row, {.temperature = 1}, 40'000);
  EXPECT_NEAR(once[0] / 40'000.0, 0.5, 0.01);  // four standard errors
  EXPECT_NEAR(once[2] / 40'000.0, 0.25, 0.01);
  const std::vector<int> colder = Draw(row, {.temperature = 0.5}, 40'000);
  EXPECT_NEAR(colder[0] / 40'000.0, 2.0 / 3, 0.01);
}

TEST(SampleToken, RepeatsItselfForASeed) {
  std::vector<float> row(200);
  Random fill(3);
  for (float& logit : row) logit = static_cast<float>(fill.Uniform() * 4);
  Random first(11), second(11), other(12);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const Token token = SampleToken(row, {.temperature = 1, .top_p = 0.9}, first);
    EXPECT_EQ(token, SampleToken(row, {.temperature = 1, .top_p = 0.9}, second));
    differs = differs || token != SampleToken(row, {.temperature = 1, .top_p = 0.9}, other);
  }
  EXPECT_TRUE(differs);
}

TEST(SampleToken, KeepsToTheLikeliestFew) {
  const std::vector<float> row = {0, 3, 1, 2, kNever};
  const std::vector<int> counts = Draw(row, {.temperature = 5, .top_k = 2}, 2'000);
  EXPECT_EQ(counts[0] + counts[2] + counts[4], 0);
  EXPECT_GT(counts[1], 0);
  EXPECT_GT(counts[3], 0);
}

TEST(SampleToken, KeepsToTheShare) {
  // Shares 0.5, 0.3, 0.2: to reach 0.6 takes two, to reach 0.5 one.
  const std::vector<float> row = {std::log(0.2F), std::log(0.5F), std::log(0.3F)};
  const std::vector<int> two = Draw(row, {.temperature = 1, .top_p = 0.6}, 8'000);
  EXPECT_EQ(two[0], 0);
  EXPECT_NEAR(two[1] / 8'000.0, 0.625, 0.03);
  const std::vector<int> one = Draw(row, {.temperature = 1, .top_p = 0.49}, 100);
  EXPECT_EQ(one[1], 100);
  const std::vector<int> least = Draw(row, {.temperature = 1, .top_p = 0}, 100);
  EXPECT_EQ(least[1], 100);
}

// A share that more than the first sorted handful is needed for.
TEST(SampleToken, KeepsToAShareOfMany) {
  const std::vector<float> row(1'000, 1.0F);
  const std::vector<int> counts = Draw(row, {.temperature = 1, .top_p = 0.7}, 12'000);
  for (std::size_t i = 0; i < 1'000; ++i) EXPECT_EQ(counts[i] > 0, i < 700 + (counts[700] > 0)) << i;
}

TEST(SampleToken, NeverChoosesWhatIsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<int> counts = Draw({nan, 1, nan, 1}, {.temperature = 1}, 200);
  EXPECT_EQ(counts[0] + counts[2], 0);
  EXPECT_EQ(Draw({nan, nan}, {.temperature = 1}, 5)[0], 5);
  EXPECT_EQ(Draw({nan, 2}, {}, 5)[1], 5);
}

TEST(AddBias, ChangesTheChosenAlone) {
  std::vector<float> row = {1, 1, 1};
  AddBias(row, std::array{LogitBias{.token = 1, .bias = 2.5}, LogitBias{.token = -1, .bias = 9},
                          LogitBias{.token = 3, .bias = 9}});
  EXPECT_EQ(row, (std::vector<float>{1, 3.5F, 1}));
}

TEST(FindStop, FindsTheFirstOfAny) {
  const std::vector<std::string> stop = {"cat", "", "at"};
  EXPECT_EQ(FindStop("a bat and a cat", stop), 3U);
  EXPECT_EQ(FindStop("a bat and a cat", stop, 4), 12U);
  EXPECT_EQ(FindStop("dog", stop), std::string::npos);
}

}  // namespace
}  // namespace ringfort::engines
