#include "attacks/data_to_model/crescendo.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/answering_model_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(Crescendo, WorksOnAModelThatIsConsistentWithItself) {
  engines::RefusingScript script = engines::Keeping(engines::Weakness::kTurns);
  script.count = 3;
  engines::RefusingModel model(script);
  Budget budget;
  const auto attempt = Make(Crescendo())->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.produced, Secret().candidates[0]);
  EXPECT_EQ(attempt.Number("turns"), 4);
  EXPECT_EQ(attempt.Number("questions"), 4);
  EXPECT_TRUE(attempt.prompt.starts_with("user: Let us write")) << "the whole conversation";
  script.count = 4;
  engines::RefusingModel patient(script);
  const auto failed = Make(Crescendo())->Try(patient, Secret(), budget).value();
  EXPECT_EQ(failed.produced, engines::RefusingModel::kRefusal);
  EXPECT_EQ(failed.Number("questions"), 6) << "the request in three wordings";
}

TEST(Crescendo, TakesARefusedTurnBack) {
  std::vector<std::size_t> lengths;
  engines::AnsweringModel model([&](const std::string& last, const engines::GenerateRequest& request) {
    lengths.push_back(request.messages.size());
    return last == "What makes a story worth reading?" || lengths.size() > 2 ? "Sure, here it is in full."
                                                                             : "I'm sorry, I cannot help with that.";
  });
  Budget budget;
  const auto attempt = Make(Crescendo())->Try(model, Secret(), budget).value();
  EXPECT_EQ(lengths, (std::vector<std::size_t>{1, 1, 3, 5, 7})) << "the refused turn is gone";
  EXPECT_EQ(attempt.Number("backtracks"), 1);
}

TEST(Crescendo, WithoutPatienceComesToTheRequestAtOnce) {
  engines::AnsweringModel model(
      [](const std::string&, const auto&) -> std::string { return "I'm sorry, I cannot help with that."; });
  Budget budget;
  const auto attempt = Make(Crescendo(), {{"backtracks", 0}})->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.Number("questions"), 2);
  EXPECT_LT(attempt.score, 0.1);
  Sample own = Secret();
  own.candidates.push_back("How an answer begins.");
  own.candidates.push_back("First step.");
  EXPECT_EQ(Make(Crescendo())->Try(model, own, budget).value().Number("questions"), 4) << "one step, three wordings";
  Budget three(3);
  EXPECT_EQ(Make(Crescendo())->Try(model, Secret(), three).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
