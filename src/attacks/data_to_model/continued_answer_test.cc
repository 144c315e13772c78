#include "attacks/data_to_model/continued_answer.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/answering_model_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(ContinuedAnswer, AddsUpWhatGoesOn) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kTalkative));
  Budget budget;
  const auto attempt =
      Make(ContinuedAnswer(), {{"tokens", 50}, {"turns", 6}})->Try(model, {.text = "Name a river."}, budget).value();
  EXPECT_EQ(attempt.score, 300);
  EXPECT_EQ(attempt.Number("questions"), 6);
  EXPECT_EQ(attempt.Number("conversations"), 1);
}

TEST(ContinuedAnswer, BeginsAnewWhereAConversationHasHadItsShare) {
  std::vector<std::size_t> lengths;
  engines::AnsweringModel model([&](const std::string&, const engines::GenerateRequest& request) {
    lengths.push_back(request.messages.size());
    return request.messages.size() < 4 ? std::string(40, 'x') : std::string("enough");
  });
  Budget budget;
  const auto attempt = Make(ContinuedAnswer(), {{"turns", 6}})->Try(model, {.text = "?"}, budget).value();
  EXPECT_EQ(lengths, (std::vector<std::size_t>{1, 3, 5, 1, 3, 5}));
  EXPECT_EQ(attempt.Number("conversations"), 2);
  EXPECT_EQ(attempt.score, 2 * (40 + 40 + 6));
}

TEST(ContinuedAnswer, EndsWhereNothingIsAnswered) {
  engines::AnsweringModel model([](const std::string&, const auto&) { return ""; });
  Budget budget;
  const auto attempt = Make(ContinuedAnswer())->Try(model, {.text = "?"}, budget).value();
  EXPECT_EQ(attempt.Number("questions"), 1);
  EXPECT_EQ(attempt.score, 0);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
