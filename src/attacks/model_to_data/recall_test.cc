#include "attacks/model_to_data/recall.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

engines::TextScore Scored(double mean) {
  return engines::ScriptedScores(std::vector<double>{mean - 0.25, mean + 0.25});
}

TEST(RecallScore, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(*RecallScore(Scored(-1), Scored(-1.3)), 1.3);
  EXPECT_DOUBLE_EQ(*RecallScore(Scored(-2), Scored(-2)), 1);
}

TEST(Recall, IsSilentWhereItCannotSay) {
  EXPECT_FALSE(RecallScore({}, Scored(-1)).has_value());
  EXPECT_FALSE(RecallScore(Scored(-1), {}).has_value());
  EXPECT_FALSE(RecallScore(Scored(0), Scored(-1)).has_value());
  const AttackEntry entry = Recall();
  const auto& reader = std::get<TextReader>(entry.way);
  EXPECT_TRUE(reader.views.conditioned);
  EXPECT_FALSE(reader.read({.score = Scored(-1)}, {}).has_value());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
