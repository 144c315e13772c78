#include "attacks/data_to_model/role_hijack.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(RoleHijack, WorksOnAModelThatPlaysARole) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kRole));
  Budget budget;
  const auto attempt = Make(RoleHijack())->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.produced, Secret().candidates[0]);
  EXPECT_EQ(attempt.Number("frame"), 0);
}

TEST(RoleHijack, TriesFourFramesOnOneThatDoesNotAndToleratesItsRefusal) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kOpening));
  Budget budget;
  const auto attempt = Make(RoleHijack())->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.produced, engines::RefusingModel::kRefusal);
  EXPECT_EQ(attempt.Number("questions"), 4);
  EXPECT_LT(attempt.score, 0.1);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
