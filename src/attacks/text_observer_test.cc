#include "attacks/text_observer.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks {
namespace {

using engines::Script;
using engines::ScriptedModel;

const std::vector<std::string> kTexts = {"The cat sat on the mat.", "A Dog ran.", ""};

TEST(ObserveTexts, SeesEachTextOnceForAllAttacks) {
  ScriptedModel target, reference(Script{.language = {.seed = 9}});
  const WordProposals proposals(kTexts);
  const ObserverOptions options{.needs = {true, true, true, true, true},
                                .prefix = "Nobody. ",
                                .neighbors = 4,
                                .proposals = &proposals,
                                .reference = &reference};
  Budget budget(1000);
  const auto views = ObserveTexts(target, kTexts, options, budget).value();
  ASSERT_EQ(views.size(), 3u);
  EXPECT_EQ(target.calls(), 2u);
  EXPECT_EQ(reference.calls(), 1u);
  // Three texts; of each the lower case and the prefixed form; of two of them neighbors.
  EXPECT_EQ(budget.queries(), 1000u - 3 * 3 - views[0].neighbors.size() - views[1].neighbors.size());
  EXPECT_EQ(views[0].neighbors.size(), 4u);
  EXPECT_EQ(views[0].score.tokens.size(), kTexts[0].size());
  EXPECT_TRUE(views[0].score.tokens[3].expected_log_probability.has_value());
  EXPECT_NE(views[0].lowercase->Mean(), views[0].score.Mean());
  EXPECT_NE(views[0].reference->Mean(), views[0].score.Mean());

  // The tokens behind the prefix are those of the text itself.
  ASSERT_EQ(views[0].conditioned->tokens.size(), kTexts[0].size());
  std::string seen;
  for (const auto& token : views[0].conditioned->tokens) seen += token.text;
  EXPECT_EQ(seen, kTexts[0]);
  const auto whole = target.Score(std::vector<std::string>{"Nobody. " + kTexts[0]}).value();
  EXPECT_EQ(views[0].conditioned->tokens[0].log_probability, whole[0].tokens[8].log_probability);
}

TEST(ObserveTexts, TheNeighborsOfATextDoNotDependOnItsPlace) {
  ScriptedModel target;
  const WordProposals proposals(kTexts);
  const ObserverOptions options{.needs = {.neighbors = true}, .neighbors = 3, .proposals = &proposals};
  Budget budget;
  const auto together = ObserveTexts(target, kTexts, options, budget).value();
  const auto alone = ObserveTexts(target, std::vector<std::string>{kTexts[1]}, options, budget).value();
  EXPECT_EQ(together[1].neighbors, alone[0].neighbors);
}

TEST(ObserveTexts, AsksNothingThatTheBudgetDoesNotHold) {
  ScriptedModel target;
  Budget budget(5);
  const auto refused = ObserveTexts(target, kTexts, {.needs = {.lowercase = true}}, budget);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(target.calls(), 0u);
  EXPECT_EQ(budget.queries(), 5u);
}

TEST(ObserveTexts, RefusesNeedsThatNothingFillsAndPassesOnAModelsError) {
  ScriptedModel target(Script{.faults = {{1, 1, {Fault::kUnavailable, "gone"}}}});
  Budget budget;
  for (const ViewNeeds& needs :
       {ViewNeeds{.reference = true}, ViewNeeds{.conditioned = true}, ViewNeeds{.neighbors = true}})
    EXPECT_EQ(ObserveTexts(target, kTexts, {.needs = needs}, budget).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(ObserveTexts(target, kTexts, {}, budget).error().what, "gone");
}

TEST(ScoreOfEnd, TakesNoTokenThatStartsBeforeTheEnd) {
  engines::TextScore whole;
  for (const char* text : {"Nob", "ody. Th", "e c", "at"}) whole.tokens.push_back({.text = text});
  EXPECT_EQ(ScoreOfEnd(whole, 7)->tokens.size(), 2u);
  EXPECT_EQ(ScoreOfEnd(whole, 0)->tokens.size(), 0u);
  EXPECT_EQ(ScoreOfEnd(whole, 99)->tokens.size(), 4u);
  whole.cut = true;
  EXPECT_FALSE(ScoreOfEnd(whole, 7).has_value());
}

}  // namespace
}  // namespace ringfort::attacks
