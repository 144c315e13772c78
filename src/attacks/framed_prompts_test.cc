#include "attacks/framed_prompts.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks {
namespace {

constexpr SettingCard kCards[] = {{"tokens", 64, 1, 100, "length"}};

Result<std::vector<FramedPrompt>> Frames(const Sample& sample, const Settings&) {
  if (sample.text.empty()) return Error{Fault::kInvalidInput, "nothing to ask"};
  std::vector<FramedPrompt> prompts;
  for (const char* name : {"one", "two", "three"}) prompts.push_back(UserPrompt(sample.text + " " + name));
  prompts[1].read = [](std::string_view answer) { return "read: " + std::string(answer); };
  return prompts;
}

TEST(FramedAttack, AsksUntilAnAnswerIsBelieved) {
  engines::Script script;
  script.answers = {{"ask one", "I'm sorry, but I cannot help with that."},
                    {"ask two", "Sure, here is what you asked for."},
                    {"ask three", "Sure, and more of it here."}};
  engines::ScriptedModel model(script);
  Budget budget;
  const Settings settings = Settings::Checked(kCards).value();
  const auto attempt = MakeFramedAttack(Frames, settings)->Try(model, {.text = "ask"}, budget).value();
  EXPECT_EQ(attempt.produced, "read: Sure, here is what you asked for.");
  EXPECT_EQ(attempt.prompt, "ask two");
  EXPECT_EQ(attempt.Number("questions"), 2);
  EXPECT_EQ(attempt.Number("frame"), 1);
  EXPECT_EQ(MakeFramedAttack(Frames, settings)->Try(model, {}, budget).error().fault, Fault::kInvalidInput);
}

TEST(FramedAttack, BelievesAsItIsToldAndKeepsToTheBudget) {
  engines::Script script;
  script.answers = {{"ask one", "no"}, {"ask two", "no"}, {"ask three", "no"}};
  engines::ScriptedModel model(script);
  Budget all, two(2);
  const Settings settings = Settings::Checked(kCards).value();
  const auto nothing = [](std::string_view, const Sample&) { return 0.25; };
  const auto attempt = MakeFramedAttack(Frames, settings, nothing)->Try(model, {.text = "ask"}, all).value();
  EXPECT_EQ(attempt.score, 0.25);
  EXPECT_EQ(attempt.Number("questions"), 3);
  EXPECT_EQ(attempt.Number("frame"), 0) << "of equals the first";
  EXPECT_EQ(MakeFramedAttack(Frames, settings, nothing)->Try(model, {.text = "ask"}, two).error().fault,
            Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks
