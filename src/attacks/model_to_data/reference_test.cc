#include "attacks/model_to_data/reference.h"

#include <gtest/gtest.h>

#include "attacks/text_observer.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(ReferenceScore, FollowsTheExampleOfItsHeader) {
  const auto scored = [](double mean) { return engines::ScriptedScores(std::vector<double>{mean}); };
  EXPECT_DOUBLE_EQ(*ReferenceScore(scored(-1), scored(-2.5)), 1.5);
  EXPECT_FALSE(ReferenceScore({}, scored(-1)).has_value());
  EXPECT_FALSE(ReferenceScore(scored(-1), {}).has_value());
}

// Against the same model without the text, what is left is what was memorized. Of a text
// that neither saw the first letter alone is less likely, since the other text begins there.
TEST(Reference, CancelsWhatBothModelsKnow) {
  const std::string seen = "the harbor master keeps the key", unseen = "a quiet garden";
  engines::ScriptedModel target({.language = {.memorized = {seen}}}), reference;
  Budget budget;
  const auto views = ObserveTexts(target, std::vector<std::string>{seen, unseen},
                                  {.needs = {.reference = true}, .reference = &reference}, budget)
                         .value();
  const AttackEntry entry = Reference();
  const auto& reader = std::get<TextReader>(entry.way);
  EXPECT_GT(*reader.read(views[0], {}), 1);
  EXPECT_NEAR(*reader.read(views[1], {}), 0, 1);
  EXPECT_FALSE(reader.read({.score = views[0].score}, {}).has_value());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
