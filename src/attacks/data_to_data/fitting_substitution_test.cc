#include "attacks/data_to_data/fitting_substitution.h"

#include <gtest/gtest.h>

#include "detectors/word_edits.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::data_to_data {
namespace {

const std::vector<std::string> kBackground = {
    "the old dog ran away from the red house", "the big dog ran home from the old house",
    "a big cat ran away to the red barn",      "the old cat sat down on the big barn",
    "a red dog sat home on the old mat",
};
const std::string kText = "the old dog ran away from the big house";

TEST(SubstituteFitting, ChangesNoMoreThanTheShare) {
  const WordProposals proposals(kBackground);
  engines::ScriptedModel model;
  for (const Guide guide : {Guide::kNone, Guide::kLikelihood, Guide::kEmbedding}) {
    const auto washed = SubstituteFitting(kText, proposals, &model, {.share = 0.34, .guide = guide});
    ASSERT_TRUE(washed.ok()) << washed.error().what;
    EXPECT_GE(detectors::WordEdits(kText, washed.value()), 1U);
    EXPECT_LE(detectors::WordEdits(kText, washed.value()), 3U);
    EXPECT_EQ(SubstituteFitting(kText, proposals, &model, {.share = 0, .guide = guide}).value(), kText);
  }
}

// A model that knows one version by heart picks it.
TEST(SubstituteFitting, TakesWhatTheModelFindsLikeliest) {
  const WordProposals proposals(kBackground);
  engines::Script script;
  script.language.memorized = {"the red dog ran away from the big house"};
  engines::ScriptedModel knows(script), knows_not;
  const FittingRule rule{.share = 0.11, .candidates = 200};
  const auto washed = SubstituteFitting(kText, proposals, &knows, rule);
  ASSERT_TRUE(washed.ok());
  EXPECT_EQ(washed.value(), script.language.memorized[0]);
  EXPECT_NE(SubstituteFitting(kText, proposals, &knows_not, rule).value(), script.language.memorized[0]);
}

TEST(SubstituteFitting, SaysWhatItLacks) {
  const WordProposals proposals(kBackground);
  EXPECT_EQ(SubstituteFitting(kText, proposals, nullptr, {}).error().fault, Fault::kInvalidInput);
  engines::Script script;
  script.gives = {engines::Ability::kGenerate};
  engines::ScriptedModel model(script);
  EXPECT_EQ(SubstituteFitting(kText, proposals, &model, {}).error().fault, Fault::kUnsupported);
  EXPECT_EQ(SubstituteFitting("", proposals, nullptr, {.guide = Guide::kNone}).value(), "");
  EXPECT_EQ(SubstituteFitting("one", WordProposals({}), nullptr, {.share = 1, .guide = Guide::kNone}).value(), "one");
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
