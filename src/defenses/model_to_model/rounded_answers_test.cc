#include "defenses/model_to_model/rounded_answers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

TEST(Rounded, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(Rounded(-0.4076, 1), -0.4);
  EXPECT_DOUBLE_EQ(Rounded(-2.1429, 1), -2.1);
  EXPECT_DOUBLE_EQ(Rounded(-2.5, 0), -3);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Rounded(-infinity, 3), -infinity);
}

TEST(RoundedAnswers, RoundsWhateverIsTold) {
  engines::ScriptedModel model;
  const DefenseEntry entry = RoundedAnswers();
  const auto wrap = std::get<WrapModel>(entry.way);
  const auto defended = wrap(model, Settings::Checked(entry.card.settings, {{"decimals", 2}}).value(), {});
  const std::vector<std::string> texts = {"some text"};
  const auto plain = model.Score(texts, true).value(), rounded = defended->Score(texts, true).value();
  for (std::size_t i = 0; i < plain[0].tokens.size(); ++i) {
    EXPECT_NEAR(rounded[0].tokens[i].log_probability, plain[0].tokens[i].log_probability, 0.005 + 1e-12);
    const double hundreds = rounded[0].tokens[i].log_probability * 100;
    EXPECT_NEAR(hundreds, std::round(hundreds), 1e-6);
    EXPECT_NEAR(*rounded[0].tokens[i].log_probability_variance, *plain[0].tokens[i].log_probability_variance, 0.0051);
  }
  const engines::GenerateRequest request{.prompt = "some", .maximum_tokens = 5, .top_alternatives = 3};
  const auto said = defended->Generate(request).value();
  EXPECT_EQ(said.text, model.Generate(request).value().text);
  for (const auto& token : said.tokens)
    for (const auto& alternative : token.alternatives)
      EXPECT_NEAR(alternative.log_probability * 100, std::round(alternative.log_probability * 100), 1e-6);
  const auto tokens = model.Tokenize("some").value();
  for (const float logit : defended->Logits(tokens).value().values)
    EXPECT_NEAR(logit * 100, std::round(logit * 100), 0.05);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
