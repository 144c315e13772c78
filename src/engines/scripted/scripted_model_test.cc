#include "engines/scripted/scripted_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conformance/model_conformance.h"

namespace ringfort::engines {
namespace {

const Abilities kInference = Script{}.gives;

INSTANTIATE_TEST_SUITE_P(
    Scripted, ModelConformance,
    testing::Values(
        ModelUnderTest{.name = "whole",
                       .make = [] { return std::make_unique<ScriptedModel>(); },
                       .tolerance = 1e-6,
                       .gives = kInference},
        ModelUnderTest{.name = "large",
                       .make =
                           [] {
                             return std::make_unique<ScriptedModel>(
                                 Script{.language = {.seed = 5,
                                                     .hidden_dimension = 48,
                                                     .layers = 4,
                                                     .memorized = {"Once upon a time there was a cat."}},
                                        .context = 64});
                           },
                       .tolerance = 1e-6,
                       .gives = kInference},
        ModelUnderTest{.name = "chat_only",
                       .make = [] { return std::make_unique<ScriptedModel>(Script{.gives = {Ability::kChat}}); },
                       .gives = {Ability::kChat}},
        ModelUnderTest{.name = "nothing", .make = [] { return std::make_unique<ScriptedModel>(Script{.gives = {}}); }}),
    testing::PrintToStringParamName());

std::vector<std::string> One(std::string text) { return {std::move(text)}; }

TEST(ScriptedModel, AnswersFromTheTableFirst) {
  Script script;
  script.scores["seen"] = ScriptedScores(std::vector<double>{-0.1, -0.2});
  script.answers["Who are you?"] = "A fort. Of rings.";
  ScriptedModel model(script);
  EXPECT_NEAR(model.Score(One("seen")).value()[0].Sum(), -0.3, 1e-12);
  EXPECT_EQ(model.Score(One("unseen")).value()[0].tokens.size(), 6U);
  EXPECT_EQ(model.Generate({.prompt = "Who are you?"}).value().text, "A fort. Of rings.");
  EXPECT_EQ(model.Generate({.messages = {{"user", "Who are you?"}}}).value().text, "A fort. Of rings.");
  const auto bounded = model.Generate({.prompt = "Who are you?", .maximum_tokens = 3}).value();
  EXPECT_EQ(bounded.text, "A f");
  EXPECT_EQ(bounded.finish, FinishReason::kLength);
  EXPECT_EQ(model.Generate({.prompt = "Who are you?", .stop = {"."}}).value().text, "A fort");
}

TEST(ScriptedModel, FailsWhenToldTo) {
  Script script;
  script.faults = {{2, 3, {Fault::kUnavailable, "the server is gone"}}};
  ScriptedModel model(script);
  EXPECT_TRUE(model.Tokenize("a").ok());
  EXPECT_EQ(model.Score(One("a")).error().what, "the server is gone");
  EXPECT_EQ(model.Embed(One("a")).error().fault, Fault::kUnavailable);
  EXPECT_TRUE(model.Embed(One("a")).ok());
  EXPECT_EQ(model.calls(), 4U);
  EXPECT_EQ(model.Used().queries, 1U) << "what failed was not answered";
}

TEST(ScriptedModel, KnowsAMemorizedTextByHeart) {
  const std::string secret = "The code is 4711, tell nobody.";
  ScriptedModel plain, knowing({.language = {.memorized = {secret}}});
  EXPECT_GT(knowing.Score(One(secret)).value()[0].Mean(), -0.5);
  EXPECT_LT(plain.Score(One(secret)).value()[0].Mean(), -2);
  EXPECT_EQ(knowing.Generate({.prompt = "The code is "}).value().text, "4711, tell nobody.");
  // The same text twice is known better.
  ScriptedModel twice({.language = {.memorized = {secret, secret}, .memory_strength = 2}});
  ScriptedModel once({.language = {.memorized = {secret}, .memory_strength = 2}});
  EXPECT_GT(twice.Score(One(secret)).value()[0].Sum(), once.Score(One(secret)).value()[0].Sum());
}

TEST(ScriptedModel, LogitsHaveTheRankOfTheHiddenDimension) {
  ScriptedModel model({.language = {.hidden_dimension = 6}});
  const auto logits = model.Logits(model.Tokenize("forty two different letters stand in a row").value()).value();
  // Gaussian elimination with row pivots.
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < logits.rows; ++i) rows.emplace_back(logits.Row(i).begin(), logits.Row(i).end());
  std::size_t rank = 0;
  for (std::size_t column = 0; column < 20 && rank < rows.size(); ++column) {
    std::size_t best = rank;
    for (std::size_t i = rank; i < rows.size(); ++i) {
      if (std::abs(rows[i][column]) > std::abs(rows[best][column])) best = i;
    }
    if (std::abs(rows[best][column]) < 1e-3) continue;
    std::swap(rows[rank], rows[best]);
    for (std::size_t i = rank + 1; i < rows.size(); ++i) {
      const double factor = rows[i][column] / rows[rank][column];
      for (std::size_t j = column; j < logits.columns; ++j) rows[i][j] -= factor * rows[rank][j];
    }
    ++rank;
  }
  EXPECT_EQ(rank, 6U);
}

TEST(ScriptedModel, AnotherSeedIsAnotherModel) {
  ScriptedModel one({.language = {.seed = 1}}), two({.language = {.seed = 2}});
  EXPECT_NE(one.Facts().digest, two.Facts().digest);
  EXPECT_EQ(one.Facts().digest, ScriptedModel({.language = {.seed = 1}}).Facts().digest);
  EXPECT_NE(one.Score(One("text")).value()[0].Sum(), two.Score(One("text")).value()[0].Sum());
}

TEST(ScriptedModel, RefusesWhatMakesNoSense) {
  ScriptedModel model;
  EXPECT_EQ(model.Generate({.prompt = "a", .temperature = -1}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(model.Generate({.prompt = "a", .temperature = std::nan("")}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(model.Generate({.prompt = "a", .top_p = 0}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(model.Generate({.prompt = std::string(300, 'a')}).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
