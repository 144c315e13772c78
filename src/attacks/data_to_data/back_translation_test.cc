#include "attacks/data_to_data/back_translation.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::data_to_data {
namespace {

TEST(BackTranslated, GoesThereAndBack) {
  engines::Script script;
  script.context = 4096;
  script.answers = {
      {"Translate the following text into Irish. Answer with the translation alone.\n\nThe old dog ran.", "Rith."},
      {"Translate the following text into English. Answer with the translation alone.\n\nRith.", "The dog took off."}};
  engines::ScriptedModel model(script);
  EXPECT_EQ(BackTranslated(model, "The old dog ran.", {.through = "Irish"}).value(), "The dog took off.");
  EXPECT_EQ(BackTranslated(model, "", {}).value(), "");
}

TEST(BackTranslated, NeedsAModelThatAnswers) {
  engines::Script script;
  script.gives = {engines::Ability::kScores};
  engines::ScriptedModel model(script);
  EXPECT_EQ(BackTranslated(model, "The old dog ran.", {}).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
