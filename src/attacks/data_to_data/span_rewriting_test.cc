#include "attacks/data_to_data/span_rewriting.h"

#include <gtest/gtest.h>

#include <limits>

#include "detectors/word_edits.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::data_to_data {
namespace {

const std::string kText = "one two three four five six seven eight nine ten";

TEST(RewriteSpans, WalksWhileTheQualityHolds) {
  engines::ScriptedModel model;
  const auto free = RewriteSpans(model, kText, {.steps = 12, .tolerance = 100});
  ASSERT_TRUE(free.ok()) << free.error().what;
  EXPECT_GT(free.value().kept, 6U);
  EXPECT_GT(detectors::WordEditShare(kText, free.value().text), 0.3);
  EXPECT_TRUE(free.value().text.starts_with("one"));
  const auto none = RewriteSpans(model, kText, {.steps = 0});
  EXPECT_EQ(none.value().text, kText);
  const auto bound = RewriteSpans(model, kText, {.steps = 12, .tolerance = 0});
  EXPECT_GE(bound.value().after, bound.value().before - 1e-12);
}

// A model that knows the text by heart finds anything else less likely.
TEST(RewriteSpans, UndoesWhatIsWorse) {
  engines::Script script;
  script.language.memorized = {kText};
  engines::ScriptedModel model(script);
  const auto walk = RewriteSpans(model, kText, {.steps = 12, .tolerance = 0.01});
  ASSERT_TRUE(walk.ok());
  EXPECT_LT(detectors::WordEditShare(kText, walk.value().text), 0.2);
}

class OnlyZ final : public engines::LogitsEditor {
 public:
  void Edit(std::span<const engines::Token>, std::span<float> logits) override {
    for (std::size_t v = 0; v < logits.size(); ++v)
      if (v != 'z') logits[v] = -std::numeric_limits<float>::infinity();
  }
};

TEST(RewriteSpans, TakesAnEditor) {
  engines::ScriptedModel model;
  OnlyZ editor;
  const auto walk = RewriteSpans(model, kText, {.steps = 5, .words = 1, .tolerance = 100}, &editor);
  ASSERT_TRUE(walk.ok());
  EXPECT_NE(walk.value().text.find("zzzzzzzz"), std::string::npos);
}

TEST(RewriteSpans, BearsShortTextsAndSaysWhatItLacks) {
  engines::ScriptedModel model;
  EXPECT_EQ(RewriteSpans(model, "", {}).value().text, "");
  EXPECT_EQ(RewriteSpans(model, "one", {}).value().text, "one");
  engines::Script script;
  script.gives = {engines::Ability::kGenerate};
  engines::ScriptedModel blind(script);
  EXPECT_EQ(RewriteSpans(blind, kText, {}).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
