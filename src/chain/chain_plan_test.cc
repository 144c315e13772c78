#include "chain/chain_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace ringfort::chain {
namespace {

using testing::HasSubstr;

constexpr std::array kStealPorts = {PortCard{"target", AssetKind::kAnswers, "who is copied"},
                                    PortCard{"questions", AssetKind::kTexts, "what it is asked"}};
constexpr std::array kJailbreakPorts = {PortCard{"model", AssetKind::kWeights, "whose gradients are followed"},
                                        PortCard{"requests", AssetKind::kRequests, "what it is to say"}};
constexpr std::array kTransferPorts = {PortCard{"target", AssetKind::kAnswers, "who is asked"},
                                       PortCard{"prompts", AssetKind::kPrompts, "what with"}};
constexpr std::array kTransferWords = {WordCard{"opening", "please", "what each prompt begins with"}};
constexpr std::array kStealSettings = {SettingCard{"epochs", 3, 1, 10, "rounds of training"}};

std::vector<LinkCard> Cards() {
  LinkCard steal{.name = "steal", .ports = kStealPorts, .yields = AssetKind::kWeights, .settings = kStealSettings};
  LinkCard jailbreak{.name = "jailbreak", .ports = kJailbreakPorts, .yields = AssetKind::kPrompts};
  LinkCard transfer{
      .name = "transfer", .ports = kTransferPorts, .yields = AssetKind::kNothing, .words = kTransferWords};
  return {steal, jailbreak, transfer};
}

ChainPlan Sound() {
  ChainPlan plan;
  plan.assets = {
      {"victim", AssetKind::kAnswers, "v"}, {"words", AssetKind::kTexts, "w"}, {"wishes", AssetKind::kRequests, "r"}};
  plan.links = {{"copy", "steal", {{"target", "victim"}, {"questions", "words"}}, {}},
                {"break", "jailbreak", {{"model", "copy"}, {"requests", "wishes"}}, {}},
                {"carry", "transfer", {{"target", "victim"}, {"prompts", "break"}}, {}}};
  return plan;
}

std::string Sentence(const ChainPlan& plan) {
  const std::vector<LinkCard> cards = Cards();
  const Status status = CheckChain(plan, cards);
  return status.ok() ? "" : status.error().what;
}

TEST(ChainPlan, ASoundChainIsSound) { EXPECT_EQ(Sentence(Sound()), ""); }

TEST(ChainPlan, TheSentenceSaysWhichKindsDoNotMeet) {
  ChainPlan plan = Sound();
  plan.links[1].inputs["model"] = "victim";  // an endpoint has no gradients
  EXPECT_EQ(Sentence(plan),
            "link `break` takes a model's weights as `model`, but `victim` yields a model that answers: these kinds do "
            "not meet");
  plan = Sound();
  plan.links[2].inputs["prompts"] = "wishes";
  EXPECT_THAT(Sentence(plan), HasSubstr("`wishes` yields requests: these kinds do not meet"));
}

TEST(ChainPlan, WeightsMayBeAsked) {
  ChainPlan plan = Sound();
  plan.assets[0].kind = AssetKind::kWeights;
  EXPECT_EQ(Sentence(plan), "");
}

TEST(ChainPlan, ALinkTakesOnlyWhatStandsBeforeIt) {
  ChainPlan plan = Sound();
  std::swap(plan.links[0], plan.links[1]);
  EXPECT_THAT(Sentence(plan), HasSubstr("`copy`, which is no asset and no earlier link"));
  plan = Sound();
  plan.links[0].inputs["target"] = "copy";
  EXPECT_THAT(Sentence(plan), HasSubstr("no earlier link"));
}

TEST(ChainPlan, PortsAreFilledAndNoOthersNamed) {
  ChainPlan plan = Sound();
  plan.links[0].inputs.erase("questions");
  EXPECT_THAT(Sentence(plan), HasSubstr("link `copy` needs `questions`: texts"));
  plan = Sound();
  plan.links[0].inputs["teacher"] = "victim";
  EXPECT_THAT(Sentence(plan), HasSubstr("steal has no input `teacher`"));
}

TEST(ChainPlan, WhatLeadsNowhereIsRefused) {
  ChainPlan plan = Sound();
  plan.links[1].inputs["model"] = "spare";
  plan.assets.push_back({"spare", AssetKind::kWeights, "s"});
  EXPECT_THAT(Sentence(plan), HasSubstr("what link `copy` yields is taken by no later link"));
}

TEST(ChainPlan, NothingIsNoInput) {
  ChainPlan plan = Sound();
  plan.links.push_back({"again", "transfer", {{"target", "victim"}, {"prompts", "carry"}}, {}});
  EXPECT_THAT(Sentence(plan), HasSubstr("`carry` yields nothing"));
}

TEST(ChainPlan, WordsAreThoseOfTheCard) {
  ChainPlan plan = Sound();
  const std::vector<LinkCard> cards = Cards();
  EXPECT_EQ(WordOf(plan.links[2], cards[2], "opening"), "please");
  plan.links[2].words["opening"] = "now";
  EXPECT_EQ(Sentence(plan), "");
  EXPECT_EQ(WordOf(plan.links[2], cards[2], "opening"), "now");
  plan.links[2].words["opening"] = "";
  EXPECT_THAT(Sentence(plan), HasSubstr("`opening` is empty"));
  plan.links[2].words = {{"ending", "x"}};
  EXPECT_THAT(Sentence(plan), HasSubstr("transfer has no setting `ending`"));
}

TEST(ChainPlan, NamesSeedsAndSettingsAreChecked) {
  ChainPlan plan = Sound();
  plan.links[0].attack = "stael";
  EXPECT_THAT(Sentence(plan), HasSubstr("no attack `stael`"));
  plan = Sound();
  plan.links[1].id = "victim";
  EXPECT_THAT(Sentence(plan), HasSubstr("two things have the id `victim`"));
  plan = Sound();
  plan.assets[1].id = "victim";
  EXPECT_THAT(Sentence(plan), HasSubstr("two assets have the id `victim`"));
  plan = Sound();
  plan.links[0].settings["epochs"] = 99;
  EXPECT_THAT(Sentence(plan), HasSubstr("link `copy`: "));
  plan = Sound();
  plan.seeds = {4, 4};
  EXPECT_THAT(Sentence(plan), HasSubstr("seed stands twice"));
  plan.seeds = {};
  EXPECT_THAT(Sentence(plan), HasSubstr("`seeds` is empty"));
  plan = Sound();
  plan.links.clear();
  EXPECT_THAT(Sentence(plan), HasSubstr("at least one [[link]]"));
}

}  // namespace
}  // namespace ringfort::chain
