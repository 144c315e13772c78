#include "engines/token_distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace ringfort::engines {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

// The definitions, term by term in long double.
TokenDistribution ByDefinition(const std::vector<float>& logits) {
  long double highest = kNever, weight = 0, mean = 0, variance = 0;
  for (const float logit : logits) highest = std::max<long double>(highest, logit);
  for (const float logit : logits) weight += std::exp(static_cast<long double>(logit) - highest);
  const long double log_sum = highest + std::log(weight);
  for (const float logit : logits)
    if (logit != kNever) mean += std::exp(logit - log_sum) * (logit - log_sum);
  for (const float logit : logits)
    if (logit != kNever) variance += std::exp(logit - log_sum) * (logit - log_sum - mean) * (logit - log_sum - mean);
  return {static_cast<double>(log_sum), static_cast<double>(mean), static_cast<double>(variance)};
}

std::vector<float> RandomRow(std::size_t size, double spread, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> row(size);
  for (float& logit : row) logit = static_cast<float>((random.Uniform() - 0.5) * spread);
  return row;
}

TEST(TokenDistribution, OfEqualLogitsIsUniform) {
  const std::vector<float> row(10, 3.5F);
  const TokenDistribution distribution = Distribution(row, true);
  EXPECT_NEAR(distribution.LogProbability(3.5F), -std::log(10), 1e-12);
  EXPECT_NEAR(distribution.mean, -std::log(10), 1e-12);
  EXPECT_NEAR(distribution.variance, 0, 1e-12);
}

TEST(TokenDistribution, OfTwoTokensByHand) {
  // p = 3/4 and 1/4: the mean of log p is minus the entropy.
  const std::vector<float> row = {static_cast<float>(std::log(3.0)), 0};
  const TokenDistribution distribution = Distribution(row, true);
  const double mean = 0.75 * std::log(0.75) + 0.25 * std::log(0.25);
  EXPECT_NEAR(distribution.mean, mean, 1e-7);
  EXPECT_NEAR(distribution.variance, 0.75 * 0.25 * std::pow(std::log(3.0), 2), 1e-7);
}

TEST(TokenDistribution, AgreesWithItsDefinition) {
  for (const std::size_t size : {1, 2, 7, 8, 9, 15, 16, 17, 512, 1003})
    for (const double spread : {0.1, 5.0, 60.0, 900.0}) {
      const std::vector<float> row = RandomRow(size, spread, size);
      const TokenDistribution expected = ByDefinition(row), found = Distribution(row, true);
      EXPECT_NEAR(found.log_sum, expected.log_sum, 1e-10) << size << ' ' << spread;
      EXPECT_NEAR(found.mean, expected.mean, 1e-10) << size << ' ' << spread;
      EXPECT_NEAR(found.variance, expected.variance, 1e-9) << size << ' ' << spread;
      EXPECT_EQ(Distribution(row, false).log_sum, found.log_sum);
    }
}

TEST(TokenDistribution, LeavesOutWhatCannotCome) {
  std::vector<float> row = RandomRow(20, 4, 3);
  const TokenDistribution without = Distribution(row, true);
  row.insert(row.begin() + 5, 20, kNever);
  const TokenDistribution with = Distribution(row, true);
  EXPECT_NEAR(with.log_sum, without.log_sum, 1e-12);
  EXPECT_NEAR(with.mean, without.mean, 1e-12);
  EXPECT_NEAR(with.variance, without.variance, 1e-12);
}

TEST(TokenDistribution, OfABrokenRowIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::size_t size : {3, 8, 30})
    for (const float bad : {nan, -kNever})
      for (std::size_t place = 0; place < size; ++place) {
        std::vector<float> row = RandomRow(size, 2, 1);
        row[place] = bad;
        EXPECT_FALSE(std::isfinite(Distribution(row, true).log_sum)) << size << ' ' << place;
      }
  EXPECT_FALSE(std::isfinite(Distribution(std::vector<float>(9, kNever), true).log_sum));
  EXPECT_FALSE(std::isfinite(Distribution({}, true).log_sum));
}

TEST(LikeliestTokens, ComeInOrderAndOfEqualsTheLowerFirst) {
  const std::vector<float> row = {1, 5, 2, 5, kNever};
  const TokenDistribution distribution = Distribution(row, false);
  const std::vector<Alternative> likeliest = LikeliestTokens(row, distribution, 3);
  ASSERT_EQ(likeliest.size(), 3U);
  EXPECT_EQ(likeliest[0].token, 1);
  EXPECT_EQ(likeliest[1].token, 3);
  EXPECT_EQ(likeliest[2].token, 2);
  EXPECT_NEAR(likeliest[2].log_probability, 2 - distribution.log_sum, 1e-12);
  EXPECT_EQ(LikeliestTokens(row, distribution, 99).size(), 5U);
}

}  // namespace
}  // namespace ringfort::engines
