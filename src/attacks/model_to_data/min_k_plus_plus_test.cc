#include "attacks/model_to_data/min_k_plus_plus.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"
#include "engines/token_distribution.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(StandardizedLogProbability, FollowsTheExampleOfItsHeader) {
  const double mean = 0.75 * std::log(0.75) + 0.25 * std::log(0.25);
  const double variance = 3.0 / 16 * std::log(3.0) * std::log(3.0);
  EXPECT_NEAR(StandardizedLogProbability(std::log(0.25), mean, variance), -std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(StandardizedLogProbability(std::log(0.75), mean, variance), 1 / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(StandardizedLogProbability(-1.25, -1.25, 0), 0);
}

engines::TextScore FromLogits(const std::vector<std::vector<float>>& rows, const std::vector<int>& tokens) {
  engines::TextScore score;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const engines::TokenDistribution distribution = engines::Distribution(rows[i], true);
    score.tokens.push_back(
        {.log_probability = distribution.LogProbability(rows[i][static_cast<std::size_t>(tokens[i])]),
         .expected_log_probability = distribution.mean,
         .log_probability_variance = distribution.variance});
  }
  return score;
}

// The toy vector of the published reference values; logits are floats, hence 1e-6.
TEST(MinKPlusPlusScore, MeetsTheReferenceVector) {
  const auto score = FromLogits({{2, 1, 0}, {0, 0, 0.5F}, {1, 3, -1}, {0.2F, 0.1F, 0.3F}}, {0, 2, 0, 1});
  constexpr double kStandardized[] = {0.652054475859051, 1.1013906298063711, -2.1367407705640895, -1.309524841092099};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& token = score.tokens[i];
    EXPECT_NEAR(StandardizedLogProbability(token.log_probability, *token.expected_log_probability,
                                           *token.log_probability_variance),
                kStandardized[i], 1e-6);
  }
  EXPECT_NEAR(*MinKPlusPlusScore(score, 0.5), -1.7231328058280941, 1e-6);
}

// Against the formula, written out over the logits that the engine shows.
TEST(MinKPlusPlusScore, EqualsItsFormulaOnSharedLogits) {
  engines::ScriptedModel model;
  const std::string text = "any text of some length, \xc3\xa9 and all";
  const auto score = model.Score(std::vector<std::string>{text}, true).value()[0];
  const auto tokens = model.Tokenize(text).value();
  const auto logits = model.Logits(tokens).value();
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const auto row = logits.Row(i - 1);  // what follows token i - 1
    double sum = 0, mean = 0, square = 0;
    for (const float logit : row) sum += std::exp(static_cast<double>(logit));
    for (const float logit : row) {
      const double log_p = static_cast<double>(logit) - std::log(sum);
      mean += std::exp(log_p) * log_p;
      square += std::exp(log_p) * log_p * log_p;
    }
    const double own = static_cast<double>(row[static_cast<std::size_t>(tokens[i])]) - std::log(sum);
    const auto& seen = score.tokens[i];
    EXPECT_NEAR(StandardizedLogProbability(seen.log_probability, *seen.expected_log_probability,
                                           *seen.log_probability_variance),
                (own - mean) / std::sqrt(square - mean * mean), 1e-6);
  }
}

// A token drawn from the distribution itself has z of mean 0 and variance 1.
TEST(StandardizedLogProbability, IsStandardOverItsOwnDistribution) {
  Random random(5);
  for (int round = 0; round < 100; ++round) {
    std::vector<float> row(2 + random.Below(30));
    for (float& logit : row) logit = static_cast<float>(6 * random.Uniform() - 3);
    const auto distribution = engines::Distribution(row, true);
    double mean = 0, square = 0;
    for (const float logit : row) {
      const double log_p = distribution.LogProbability(logit);
      const double z = StandardizedLogProbability(log_p, distribution.mean, distribution.variance);
      mean += std::exp(log_p) * z;
      square += std::exp(log_p) * z * z;
    }
    EXPECT_NEAR(mean, 0, 1e-9);
    EXPECT_NEAR(square, 1, 1e-9);
  }
}

TEST(MinKPlusPlusScore, IsSilentWithoutMoments) {
  EXPECT_FALSE(MinKPlusPlusScore(engines::ScriptedScores(std::vector<double>{-1, -2}), 0.5).has_value());
  EXPECT_FALSE(MinKPlusPlusScore({}, 0.5).has_value());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
