#include "report/shown_leaks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringfort {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

MembershipFigure Score(std::string attack, double area, std::string reading, std::string defense = "") {
  MembershipFigure figure;
  figure.attack = std::move(attack);
  figure.defense = std::move(defense);
  figure.scored = true;
  figure.auroc = {area, area - 0.1, area + 0.1, Provenance::kMeasured};
  figure.reading = std::move(reading);
  return figure;
}

SuccessFigure Said(std::string label, std::uint64_t succeeded, double rate, double low,
                   std::string judge = "verbatim") {
  SuccessFigure figure;
  figure.attack = "discoverable_memorization";
  figure.label = std::move(label);
  figure.judge = std::move(judge);
  figure.succeeded = succeeded;
  figure.judged = 20;
  figure.rate = {rate, low, 1, Provenance::kMeasured};
  return figure;
}

std::vector<ShownLeak> Of(std::vector<MembershipFigure> scores, std::vector<SuccessFigure> said) {
  AttackedModel model;
  model.asset = "chat";
  model.membership = std::move(scores);
  model.success = std::move(said);
  return ShownLeaks({{model}, {}});
}

TEST(ShownLeaks, TellsTheStrongestScoreThatLeaks) {
  const auto leaks =
      Of({Score("loss", 0.8, "leaks"), Score("recall", 0.9, "leaks"), Score("zlib_ratio", 0.99, "sets differ")}, {});
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_THAT(leaks[0].how,
              ElementsAre(HasSubstr("recall tells texts that it was trained on from others, AUROC 0.900")));
  EXPECT_TRUE(Leaks(leaks, "chat"));
  EXPECT_FALSE(Leaks(leaks, "cha"));
}

TEST(ShownLeaks, WhatIsSaidCountsOnlyBeyondTextsThatItNeverSaw) {
  EXPECT_THAT(Of({}, {Said("member", 5, 0.25, 0.11)})[0].how,
              ElementsAre("discoverable_memorization had it say 5 of 20 texts that it was trained on word for word"));
  EXPECT_THAT(Of({}, {Said("member", 5, 0.25, 0.11), Said("held_out", 3, 0.15, 0.05)}), IsEmpty());
  EXPECT_THAT(Of({}, {Said("member", 9, 0.45, 0.26), Said("held_out", 3, 0.15, 0.05)}), testing::SizeIs(1));
  EXPECT_THAT(Of({}, {Said("held_out", 3, 0.15, 0.05)}), IsEmpty());
  EXPECT_THAT(Of({}, {Said("16 copies", 1, 0.05, 0.01)})[0].how, ElementsAre(HasSubstr("secrets (16 copies)")));
}

TEST(ShownLeaks, LeavesOutDefensesOtherJudgesAndWhatShowsNothing) {
  SuccessFigure defended = Said("member", 9, 0.45, 0.26);
  defended.defense = "memorization_filter";
  EXPECT_THAT(Of({Score("loss", 0.9, "leaks", "rounded_answers"), Score("loss", 0.6, "no leak shown")},
                 {defended, Said("member", 20, 1, 0.9, "refusal"), Said("member", 0, 0, 0)}),
              IsEmpty());
}

TEST(ShownBreaches, TellsOfEachAttackWhatGotThroughMostOften) {
  SuccessFigure role = Said("known words", 2, 0.1, 0.02, "overlap"), shots = Said("new words", 8, 0.4, 0.2, "overlap");
  role.attack = "role_hijack", shots.attack = "many_shot";
  role.axis = shots.axis = Axis::kDataToModel;
  SuccessFigure fewer = shots, honest = shots, answered = shots, defended = shots;
  fewer.rate.value = 0.2, fewer.label = "other", honest.label = "benign", answered.judge = "refusal";
  honest.attack = answered.attack = defended.attack = "direct_request", defended.defense = "self_reminder";
  AttackedModel model;
  model.asset = "chat";
  model.success = {role, fewer, shots, honest, answered, defended};
  const auto breaches = ShownBreaches({{model}, {}});
  ASSERT_EQ(breaches.size(), 1u);
  EXPECT_THAT(breaches[0].how, ElementsAre("many_shot got through in 8 of 20 (new words), 0.40 [0.20, 1.00]",
                                           HasSubstr("role_hijack got through in 2 of 20")));
  EXPECT_THAT(ShownLeaks({{model}, {}}), IsEmpty()) << "it gave nothing of its training texts away";
}

TEST(WhatModelsDo, SaysOneModelOnlyIfItIsOne) {
  const std::vector<ShownLeak> none, one = {{"chat", {}}}, other = {{"desk", {}}}, two = {{"chat", {}}, {"desk", {}}};
  EXPECT_EQ(WhatModelsDo(none, none), "");
  EXPECT_EQ(WhatModelsDo(one, none), "a model leaks");
  EXPECT_EQ(WhatModelsDo(none, two), "models give way");
  EXPECT_EQ(WhatModelsDo(one, one), "a model leaks and gives way");
  EXPECT_EQ(WhatModelsDo(one, other), "models leak and give way");
}

TEST(ShownLeaks, TwoFilesOfOneAssetAreOne) {
  AttackedModel one, two;
  one.asset = two.asset = "chat";
  one.membership = two.membership = {Score("loss", 0.8, "leaks")};
  const auto leaks = ShownLeaks({{one, two}, {}});
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_EQ(leaks[0].how.size(), 2u);
}

}  // namespace
}  // namespace ringfort
