#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "campaign/set_reading_internal.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::campaign {
namespace {

using testing::HasSubstr;

class SetReadingTest : public testing::Test {
 protected:
  SetReadingTest() {
    for (const char* text : {"one two three", "four five six", "seven eight", "nine ten eleven"})
      texts_.texts.push_back({text, text, text, texts_.texts.size() < 2});
    texts_.shadows.push_back({"shadow 1 (s.gguf)", {{"a", "first of all", "a", true}, {"b", "last", "b", false}}, "d"});
    bench_.texts_at_once = 3;
  }

  Plan plan_;
  Texts texts_;
  Workbench bench_{plan_, texts_};
  KeptViews kept_;
  attacks::Budget budget_;
  const attacks::ViewNeeds needs_{.lowercase = true};
  const std::function<bool()> on_ = [] { return true; };
};

TEST_F(SetReadingTest, AsksForWhatIsNotKeptAndTellsTheCost) {
  engines::ScriptedModel model;
  const Subject subject{"t", &model, nullptr, {}, {}, {}};
  const SeenSet seen = SeeSet(bench_, subject, needs_, 1, kept_, budget_, on_).value();
  ASSERT_EQ(seen.views.size(), 4u);
  EXPECT_EQ(seen.views[2].view.text, "seven eight");
  EXPECT_TRUE(seen.views[1].member);
  EXPECT_FALSE(seen.views[2].member);
  EXPECT_EQ(seen.views[3].view.score.tokens.size(), 15u);
  EXPECT_TRUE(seen.views[3].view.lowercase);
  EXPECT_EQ(model.Used().queries, 8u) << "each, and each in lower case";
  std::uint64_t told = 0;
  for (const engines::Usage& used : seen.used) told += used.queries;
  EXPECT_EQ(told, 8u);
  kept_.erase(1);
  SeeSet(bench_, subject, needs_, 1, kept_, budget_, on_).value();
  EXPECT_EQ(model.Used().queries, 10u);
}

TEST_F(SetReadingTest, ATextThatIsRefusedSpoilsNoOther) {
  engines::Script script;
  script.faults = {{1, 1, {Fault::kInvalidInput, "no"}}, {4, 4, {Fault::kInvalidInput, "not this one"}}};
  engines::ScriptedModel model(script);
  const SeenSet seen = SeeSet(bench_, {"t", &model, nullptr, {}, {}, {}}, needs_, 1, kept_, budget_, on_).value();
  ASSERT_EQ(seen.refused.size(), 1u);
  EXPECT_EQ(seen.refused.at(1).what, "not this one");
  EXPECT_EQ(seen.views[1].view.text, "four five six") << "and it keeps its place";
  EXPECT_EQ(kept_.size(), 3u);
}

TEST_F(SetReadingTest, IsSeenWholeOrNotAtAll) {
  engines::ScriptedModel model;
  const Subject subject{"t", &model, nullptr, {}, {}, {}};
  attacks::Budget small(7);
  EXPECT_EQ(SeeSet(bench_, subject, needs_, 1, kept_, small, on_).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(kept_.size(), 3u) << "what was paid for is kept";
  EXPECT_EQ(SeeSet(bench_, subject, needs_, 1, kept_, budget_, [] { return false; }).error().fault,
            Fault::kUnavailable);
}

TEST_F(SetReadingTest, ShadowsSeeTheirOwnTexts) {
  engines::ScriptedModel model, shadow;
  const Subject subject{"t", &model, nullptr, {}, {}, {&shadow}};
  const auto seen = SeeShadows(bench_, subject, needs_, 1, on_).value();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].view.text, "first of all");
  EXPECT_EQ(seen[0].model, "shadow 1 (s.gguf)");
  EXPECT_TRUE(seen[0].member);
  EXPECT_FALSE(seen[1].member);
  EXPECT_EQ(model.Used().queries, 0u);
  engines::Script failing;
  failing.faults = {{1, 1, {Fault::kUnavailable, "gone"}}};
  engines::ScriptedModel gone(failing);
  EXPECT_EQ(SeeShadows(bench_, {"t", &model, nullptr, {}, {}, {&gone}}, needs_, 1, on_).error().what,
            "shadow 1 (s.gguf): gone");
}

TEST(Restricted, LeavesNothingThatDependsOnOtherAttacks) {
  attacks::TextView view;
  view.score.tokens = {{1, "a", -1, -2.0, 0.5}};
  view.lowercase.emplace();
  view.reference.emplace();
  view.conditioned.emplace();
  view.neighbors = {-1};
  const attacks::TextView bare = Restricted(view, {});
  EXPECT_FALSE(bare.score.tokens[0].expected_log_probability);
  EXPECT_FALSE(bare.score.tokens[0].log_probability_variance);
  EXPECT_EQ(bare.score.tokens[0].log_probability, -1);
  EXPECT_FALSE(bare.lowercase || bare.reference || bare.conditioned);
  EXPECT_TRUE(bare.neighbors.empty());
  const attacks::TextView all = Restricted(view, {true, true, true, true, true});
  EXPECT_TRUE(all.score.tokens[0].expected_log_probability && all.lowercase && all.reference && all.conditioned);
}

}  // namespace
}  // namespace ringfort::campaign
