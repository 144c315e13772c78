#include "attacks/data_to_model/direct_request.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(DirectRequest, IsRefusedWhatIsASecretAndAnsweredElse) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kNone));
  Budget budget;
  const auto attack = Make(DirectRequest());
  const auto refused = attack->Try(model, Secret(), budget).value();
  EXPECT_EQ(refused.produced, engines::RefusingModel::kRefusal);
  EXPECT_EQ(refused.prompt, Secret().text);
  EXPECT_EQ(refused.known, Secret().candidates[0]);
  EXPECT_TRUE(refused.expected.empty());
  EXPECT_LT(refused.score, 0.1);
  EXPECT_EQ(refused.Number("questions"), 1);
  EXPECT_GT(attack->Try(model, {.text = "What is a good soup?"}, budget).value().score, 0.5);
}

TEST(DirectRequest, APromptLongerThanTheContextIsAnErrorAndNoOutcome) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kNone));
  Budget budget;
  EXPECT_EQ(Make(DirectRequest())->Try(model, {.text = std::string(10000, 'a')}, budget).error().fault,
            Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
