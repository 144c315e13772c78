#include "attacks/model_to_data/loss.h"

#include <gtest/gtest.h>

#include "attacks/text_observer.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(LossScore, AveragesTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(*LossScore(engines::ScriptedScores(std::vector<double>{-0.1, -2.0, -0.6})), -0.9);
  EXPECT_FALSE(LossScore({}).has_value());
}

// A text that a model knows by heart stands above one that it does not.
TEST(Loss, ScoresWhatIsMemorizedAboveWhatIsNot) {
  const std::string seen = "the harbor master keeps the key", unseen = "a quiet garden behind the school";
  engines::ScriptedModel model({.language = {.memorized = {seen}}});
  Budget budget;
  const auto views = ObserveTexts(model, std::vector<std::string>{seen, unseen}, {}, budget).value();
  const AttackEntry entry = Loss();
  const auto& reader = std::get<TextReader>(entry.way);
  EXPECT_GT(*reader.read(views[0], {}), *reader.read(views[1], {}) + 1);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
