#include "defenses/model_to_model/prediction_poisoning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"
#include "engines/token_distribution.h"

namespace ringfort::defenses::model_to_model {
namespace {

std::vector<float> Logs(const std::vector<double>& shares) {
  std::vector<float> logits;
  for (const double share : shares) logits.push_back(static_cast<float>(std::log(share) + 3));
  return logits;
}

std::vector<double> Drawn(std::size_t size, Random& random) {
  std::vector<double> shares(size);
  double sum = 0;
  for (double& share : shares) sum += share = std::exp(4 * random.Uniform());
  for (double& share : shares) share /= sum;
  return shares;
}

double Cosine(const std::vector<double>& a, const std::vector<double>& b) {
  const double share = 1 / static_cast<double>(a.size());
  double dot = 0, one = 0, other = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += (a[i] - share) * (b[i] - share);
    one += (a[i] - share) * (a[i] - share);
    other += (b[i] - share) * (b[i] - share);
  }
  return dot / std::sqrt(one * other);
}

// The example of the header.
TEST(Poisoned, MovesTowardsTheWorstCornerByHand) {
  const std::vector<double> bent = Poisoned(Logs({0.6, 0.3, 0.1}), 0.4);
  EXPECT_NEAR(bent[0], 0.55, 1e-6);
  EXPECT_NEAR(bent[1], 0.15, 1e-6);
  EXPECT_NEAR(bent[2], 0.30, 1e-6);
}

TEST(Poisoned, StaysADistributionWithTheSameLikeliestTokenWithinItsDistance) {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    const std::vector<double> y = Drawn(2 + random.Below(40), random);
    const auto top = std::ranges::max_element(y) - y.begin();
    double before = 2;
    for (const double distance : {0.0, 0.1, 0.5, 1.0, 2.0}) {
      const std::vector<double> bent = Poisoned(Logs(y), distance);
      double sum = 0, moved = 0;
      for (std::size_t i = 0; i < y.size(); ++i) {
        EXPECT_GE(bent[i], 0);
        sum += bent[i];
        moved += std::abs(bent[i] - y[i]);
      }
      EXPECT_NEAR(sum, 1, 1e-9);
      EXPECT_LE(moved, distance + 1e-5);
      EXPECT_EQ(std::ranges::max_element(bent) - bent.begin(), top);
      const double cosine = Cosine(bent, y);  // the further, the more is turned
      EXPECT_LE(cosine, before + 1e-5);
      before = cosine;
    }
  }
}

// No set of tokens that holds the likeliest turns more than the one that was chosen.
TEST(Poisoned, FindsTheWorstOfAllCorners) {
  Random random(9);
  for (int round = 0; round < 50; ++round) {
    const std::size_t size = 3 + random.Below(8);
    const std::vector<double> y = Drawn(size, random);
    const auto top = static_cast<std::size_t>(std::ranges::max_element(y) - y.begin());
    double worst = 2;
    for (std::uint32_t set = 0; set + 1 < (1U << size); ++set) {
      if ((set >> top & 1U) == 0) continue;
      std::vector<double> corner(size, 0);
      for (std::size_t i = 0; i < size; ++i)
        if ((set >> i & 1U) != 0) corner[i] = 1 / static_cast<double>(__builtin_popcount(set));
      worst = std::min(worst, Cosine(corner, y));
    }
    std::vector<double> chosen = Poisoned(Logs(y), 2);  // most of the way; the rest is taken out
    double way = 0;
    for (std::size_t i = 0; i < size; ++i)
      if (i != top) way = std::max(way, 1 - chosen[i] / y[i]);
    if (way > 0.5)
      for (std::size_t i = 0; i < size; ++i) chosen[i] = (chosen[i] - (1 - way) * y[i]) / way;
    EXPECT_NEAR(Cosine(chosen, y), worst, 1e-3);
  }
}

TEST(Poisoned, StandsOneTokenAndTokensThatCannotCome) {
  EXPECT_EQ(Poisoned(std::vector<float>{3}, 1), std::vector<double>{1});
  const std::vector<double> bent = Poisoned(std::vector<float>{0, -std::numeric_limits<float>::infinity(), -1}, 0.5);
  EXPECT_NEAR(bent[0] + bent[1] + bent[2], 1, 1e-9);
  EXPECT_GT(bent[0], bent[1]);
}

class PredictionPoisoningTest : public testing::Test {
 protected:
  std::unique_ptr<engines::Model> Around(engines::Model& model) {
    const DefenseEntry entry = PredictionPoisoning();
    return std::get<WrapModel>(entry.way)(model, Settings::Checked(entry.card.settings).value(), {});
  }
  engines::ScriptedModel model_;
  std::unique_ptr<engines::Model> defended_ = Around(model_);
};

TEST_F(PredictionPoisoningTest, AllNumbersComeFromTheSameBentRows) {
  const std::vector<std::string> texts = {"a ring fort"};
  const std::vector<engines::Token> tokens = model_.Tokenize(texts[0]).value();
  const engines::Matrix rows = defended_->Logits(tokens).value();
  const engines::TextScore score = defended_->Score(texts, true).value()[0];
  const engines::TextScore plain = model_.Score(texts, true).value()[0];
  ASSERT_EQ(score.tokens.size(), tokens.size());
  double moved = 0;
  for (std::size_t k = 1; k < tokens.size(); ++k) {
    const auto distribution = engines::Distribution(rows.Row(k - 1), true);
    EXPECT_NEAR(score.tokens[k].log_probability,
                distribution.LogProbability(rows.Row(k - 1)[static_cast<std::size_t>(tokens[k])]), 1e-6);
    EXPECT_NEAR(*score.tokens[k].expected_log_probability, distribution.mean, 1e-6);
    moved += std::abs(score.tokens[k].log_probability - plain.tokens[k].log_probability);
  }
  EXPECT_GT(moved, 1);
  EXPECT_NE(score.tokens[0].log_probability, plain.tokens[0].log_probability);  // nothing before it, and bent too
}

TEST_F(PredictionPoisoningTest, SaysTheSameTextWithOtherNumbers) {
  for (const std::string prompt : {"a ring", ""}) {
    engines::GenerateRequest request{.prompt = prompt, .maximum_tokens = 4, .top_alternatives = 3};
    const engines::Generation plain = model_.Generate(request).value(), bent = defended_->Generate(request).value();
    EXPECT_EQ(plain.text, bent.text);
    ASSERT_EQ(bent.tokens.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(bent.tokens[k].alternatives.size(), 3U);
      EXPECT_EQ(bent.tokens[k].alternatives[0].token, plain.tokens[k].alternatives[0].token);
      EXPECT_NE(bent.tokens[k].log_probability, plain.tokens[k].log_probability);
      EXPECT_EQ(bent.tokens[k].alternatives[0].log_probability, bent.tokens[k].log_probability);  // greedy
    }
  }
  // A bias is heeded before the poison.
  engines::GenerateRequest biased{.prompt = "a", .maximum_tokens = 1, .logit_bias = {{'z', 60}}, .top_alternatives = 1};
  EXPECT_EQ(defended_->Generate(biased).value().tokens[0].alternatives[0].token, 'z');
}

TEST_F(PredictionPoisoningTest, TellsNoNumberThatItCannotBend) {
  engines::GenerateRequest chat{.messages = {{"user", "Hi"}}, .maximum_tokens = 2};
  EXPECT_EQ(defended_->Generate(chat).value().tokens[0].log_probability, 0);
  chat.top_alternatives = 1;
  EXPECT_EQ(defended_->Generate(chat).error().fault, Fault::kUnsupported);
  engines::ScriptedModel blind({.gives = {engines::Ability::kTokens, engines::Ability::kScores,
                                          engines::Ability::kGenerate, engines::Ability::kTopAlternatives}});
  const auto around = Around(blind);
  EXPECT_EQ(around->Gives(), (engines::Abilities{engines::Ability::kTokens, engines::Ability::kGenerate}));
  EXPECT_FALSE(around->Score(std::vector<std::string>{"a"}, false).ok());
  EXPECT_EQ(around->Generate({.prompt = "a", .maximum_tokens = 1}).value().tokens[0].log_probability, 0);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
