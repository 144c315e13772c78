#include "attacks/data_to_data/paraphrase.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr const char* kAsk =
    "Write the following text again in other words. Keep its meaning and its length. Answer with the text alone.\n\n";

engines::Script Answering() {
  engines::Script script;
  script.context = 4096;
  script.answers = {{kAsk + std::string("The old dog ran."), " An aged hound fled. "},
                    {kAsk + std::string("It was late."), "Night fell."},
                    {kAsk + std::string("An aged hound fled."), "A hound fled."},
                    {kAsk + std::string("Night fell."), "It got dark."}};
  return script;
}

TEST(Paraphrased, AsksPieceByPieceAndRoundByRound) {
  engines::ScriptedModel model(Answering());
  const std::string text = "The old dog ran. It was late.\n";
  EXPECT_EQ(Paraphrased(model, text, {.words = 4}).value(), "An aged hound fled. Night fell.");
  EXPECT_EQ(Paraphrased(model, text, {.rounds = 2, .words = 4}).value(), "A hound fled. It got dark.");
  EXPECT_EQ(Paraphrased(model, "", {}).value(), "");
}

TEST(Paraphrased, AsksInPlainWordsWhereThereIsNoChat) {
  engines::Script script;
  script.context = 4096;
  script.gives = {engines::Ability::kGenerate};
  script.answers = {
      {"Write the following text again in other words. Keep its meaning and its length. Answer with the "
       "text alone.\nIt was late.\nAnswer:",
       " Night fell.\nIt was late."}};
  engines::ScriptedModel model(script);
  EXPECT_EQ(Paraphrased(model, "It was late.", {}).value(), "Night fell.");
}

TEST(Paraphrased, TellsWhatWentWrong) {
  engines::Script script = Answering();
  script.answers[kAsk + std::string("It was late.")] = "  ";
  engines::ScriptedModel silent(script);
  EXPECT_EQ(Paraphrased(silent, "It was late.", {}).error().fault, Fault::kInvalidInput);
  script.gives = {engines::Ability::kScores};
  engines::ScriptedModel mute(script);
  EXPECT_EQ(Paraphrased(mute, "It was late.", {}).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
