#include "attacks/model_to_data/lowercase.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

engines::TextScore Scored(double mean) { return engines::ScriptedScores(std::vector<double>{mean - 0.5, mean + 0.5}); }

TEST(LowercaseScore, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(*LowercaseScore(Scored(-1), Scored(-3)), 3);
  EXPECT_DOUBLE_EQ(*LowercaseScore(Scored(-2), Scored(-3)), 1.5);
  EXPECT_DOUBLE_EQ(*LowercaseScore(Scored(-2), Scored(-2)), 1);
}

TEST(Lowercase, IsSilentWhereItCannotSay) {
  EXPECT_FALSE(LowercaseScore({}, Scored(-1)).has_value());
  EXPECT_FALSE(LowercaseScore(Scored(-1), {}).has_value());
  EXPECT_FALSE(LowercaseScore(Scored(0), Scored(-1)).has_value());
  const AttackEntry entry = Lowercase();
  const auto& reader = std::get<TextReader>(entry.way);
  EXPECT_TRUE(reader.views.lowercase);
  EXPECT_FALSE(reader.read({.score = Scored(-1)}, {}).has_value());
  EXPECT_EQ(reader.read({.score = Scored(-1), .lowercase = Scored(-4)}, {}), 4);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
