#include "attacks/data_to_model/long_answer.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/answering_model_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(LongAnswer, RunsIntoTheBoundOfAModelThatDoesNotStop) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kTalkative));
  Budget budget;
  const auto attempt = Make(LongAnswer(), {{"tokens", 300}})->Try(model, {.text = "Name a river."}, budget).value();
  EXPECT_EQ(attempt.score, 300);
  EXPECT_EQ(attempt.Number("endless"), 1);
  EXPECT_EQ(attempt.Number("control_tokens"), 35) << engines::RefusingModel::kSmallTalk;
  EXPECT_NEAR(attempt.Number("ratio"), 300.0 / 35, 1e-9);
  EXPECT_EQ(attempt.Number("questions"), 5);
}

TEST(LongAnswer, SaysSoWhereNothingLengthens) {
  engines::AnsweringModel model([](const std::string&, const auto&) { return "The Elbe."; });
  Budget budget;
  const auto attempt = Make(LongAnswer())->Try(model, {.text = "Name a river."}, budget).value();
  EXPECT_EQ(attempt.score, 9);
  EXPECT_EQ(attempt.Number("ratio"), 1);
  EXPECT_EQ(attempt.Number("endless"), 0);
  EXPECT_EQ(attempt.prompt, "Name a river.");
  engines::AnsweringModel silent([](const std::string&, const auto&) { return ""; });
  EXPECT_EQ(Make(LongAnswer())->Try(silent, {.text = "?"}, budget).value().score, 0);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
