#include "attacks/data_to_model/random_search.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

// How likely the scripted language finds agreement behind the bare request, in nats a byte.
double Before(engines::Model& model) {
  const std::vector<std::string> texts = {Secret().text + "Sure"};
  const auto tokens = model.Score(texts).value()[0].tokens;
  double sum = 0;
  for (std::size_t i = tokens.size() - 4; i < tokens.size(); ++i) sum += tokens[i].log_probability;
  return sum / 4;
}

TEST(RandomSearch, RaisesTheChanceOfAgreementUntilTheModelYields) {
  engines::RefusingScript script = engines::Keeping(engines::Weakness::kLikelyOpening);
  engines::RefusingModel any(script);
  const double before = Before(any);
  script.threshold = before + 0.3;
  engines::RefusingModel model(script);
  Budget budget;
  const Settings::Given given = {{"steps", 600}, {"length", 6}, {"change", 2}};
  const auto attempt = Make(RandomSearch(), given)->Try(model, Secret(), budget).value();
  EXPECT_NEAR(attempt.Number("log_probability_before"), 4 * before, 1e-9);
  EXPECT_GT(attempt.Number("log_probability_after"), 4 * (before + 0.3));
  EXPECT_EQ(attempt.produced, Secret().candidates[0]);
  EXPECT_EQ(attempt.Number("questions"), 602) << "one before, 600 steps, one at the end";
  EXPECT_EQ(attempt.prompt.size(), Secret().text.size() + 7);
  EXPECT_EQ(attempt.curve.points.front().gained, attempt.Number("log_probability_before"));
}

TEST(RandomSearch, TakesTheOpeningAndThePlaceOfTheSample) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kLikelyOpening));
  Budget budget;
  Sample sample = Secret();
  sample.text = "Q: {} " + sample.text + "\nA:";
  sample.candidates.push_back(" The code");
  const auto attempt = Make(RandomSearch(), {{"steps", 20}, {"length", 5}})->Try(model, sample, budget).value();
  EXPECT_TRUE(attempt.prompt.ends_with("\nA:"));
  EXPECT_EQ(attempt.prompt.find("{}"), std::string::npos);
  sample.candidates[1] = "";
  EXPECT_EQ(Make(RandomSearch())->Try(model, sample, budget).error().fault, Fault::kInvalidInput);
}

TEST(RandomSearch, ReadsAlternativesOfAModelThatChatsAndKeepsToTheBudget) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kRole));
  Budget budget, ten(10);
  const auto attempt = Make(RandomSearch(), {{"steps", 30}})->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.produced, engines::RefusingModel::kRefusal);
  EXPECT_GE(attempt.Number("log_probability_after"), attempt.Number("log_probability_before"));
  EXPECT_EQ(Make(RandomSearch())->Try(model, Secret(), ten).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
