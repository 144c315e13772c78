#include "defenses/model_to_model/noisy_answers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

TEST(NormalOf, IsStandardOverKeys) {
  double mean = 0, square = 0;
  constexpr int kDraws = 20'000;
  for (std::uint64_t key = 0; key < kDraws; ++key) {
    const double z = NormalOf(key);
    mean += z / kDraws;
    square += z * z / kDraws;
  }
  EXPECT_NEAR(mean, 0, 0.03);
  EXPECT_NEAR(square, 1, 0.04);
}

class NoisyAnswersTest : public testing::Test {
 protected:
  std::unique_ptr<engines::Model> Defended(std::uint64_t seed) {
    const DefenseEntry entry = NoisyAnswers();
    return std::get<WrapModel>(entry.way)(model_, Settings::Checked(entry.card.settings, {{"deviation", 0.5}}).value(),
                                          {.seed = seed});
  }
  engines::ScriptedModel model_;
  const std::vector<std::string> texts_ = {"the first text", "the other text"};
};

TEST_F(NoisyAnswersTest, TheSameQuestionGetsTheSameNoise) {
  const auto defended = Defended(1);
  const auto plain = model_.Score(texts_).value(), once = defended->Score(texts_).value();
  const auto again = defended->Score(texts_).value(), other = Defended(2)->Score(texts_).value();
  double square = 0, count = 0;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t i = 0; i < plain[t].tokens.size(); ++i) {
      EXPECT_EQ(once[t].tokens[i].log_probability, again[t].tokens[i].log_probability);
      EXPECT_NE(once[t].tokens[i].log_probability, other[t].tokens[i].log_probability);
      square += std::pow(once[t].tokens[i].log_probability - plain[t].tokens[i].log_probability, 2);
      ++count;
    }
  EXPECT_NEAR(std::sqrt(square / count), 0.5, 0.25);
  // "the " begins both texts: the same places, the same numbers.
  EXPECT_EQ(once[0].tokens[3].log_probability, once[1].tokens[3].log_probability);
}

TEST_F(NoisyAnswersTest, AnotherBiasIsAnotherQuestion) {
  const auto defended = Defended(1);
  engines::GenerateRequest request{.prompt = "the", .maximum_tokens = 1, .top_alternatives = 2};
  const auto plain = defended->Generate(request).value();
  EXPECT_EQ(plain.tokens[0].alternatives[0].log_probability, plain.tokens[0].log_probability);
  request.logit_bias = {{.token = 200, .bias = 1e-9}};
  const auto biased = defended->Generate(request).value();
  EXPECT_EQ(plain.text, biased.text);
  EXPECT_NE(plain.tokens[0].log_probability, biased.tokens[0].log_probability);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
