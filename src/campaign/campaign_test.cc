// A whole campaign against a model whose memory is known.
#include <algorithm>
#include <map>

#include "campaign/campaign_fixture_internal.h"

namespace ringfort::campaign {
namespace {

using testing::HasSubstr;

TEST_F(CampaignTest, ShowsWhatTheModelRemembersAndThatTheBlindDoNot) {
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_EQ(ran.outcome.missing(), 0u);
  EXPECT_THAT(ran.outcome.troubles, testing::IsEmpty());
  EXPECT_EQ(ran.outcome.made, ran.list.trials.size());
  // Six that read a score once, neighborhood and blind_baseline once a seed.
  EXPECT_EQ(ran.list.trials.size(), 2 * kTexts * (5 + 2 + 2));
  EXPECT_THAT(ran.summary.skips,
              testing::ElementsAre(Skip{"reference", "known", "the target has no `reference` model"},
                                   Skip{"shadow_ensemble", "known", "needs shadow models, and the plan names none"}));
  const MembershipResult& loss = Of(ran.summary, "loss");
  EXPECT_EQ(loss.members, kTexts);
  EXPECT_GT(loss.auroc, 0.95);
  EXPECT_LT(loss.adjusted, 0.001);
  ASSERT_TRUE(loss.above_blind);
  EXPECT_GT(loss.above_blind_interval.lower, 0);
  const MembershipResult& blind = Of(ran.summary, "blind_baseline");
  EXPECT_EQ(blind.target, "");
  EXPECT_TRUE(blind.interval.Holds(0.5)) << blind.auroc;
  EXPECT_FALSE(blind.above_blind);
}

TEST_F(CampaignTest, AModelThatNeverSawTheTextsShowsNothing) {
  engines::ScriptedModel model;
  MemoryStore store;
  plan_.attacks = {{"loss", {}}, {"blind_baseline", {}}};
  EXPECT_TRUE(Of(Run(model, store, "r1").summary, "loss").interval.Holds(0.5));
}

TEST_F(CampaignTest, SetsThatDifferShowNothingWhateverAScoreSays) {
  engines::ScriptedModel model(Script());
  MemoryStore store;
  plan_.attacks = {{"loss", {}}, {"blind_baseline", {}}};
  EXPECT_FALSE(Run(model, store, "r1").summary.sets_differ);
  std::vector<std::string> longer = held_out_;
  for (std::string& text : longer) text += text;
  Write("held_out.txt", longer);
  const Summary by_length = Run(model, store, "r2").summary;
  EXPECT_GT(by_length.length_auroc, -1e-9);
  EXPECT_LT(by_length.length_auroc, 0.05);
  EXPECT_LT(by_length.length_probability, 0.001);
  EXPECT_TRUE(by_length.sets_differ);
  longer = held_out_;
  for (std::string& text : longer) text.replace(0, 4, "zzzz");
  Write("held_out.txt", longer);
  EXPECT_TRUE(Run(model, store, "r3").summary.sets_differ) << "by the words";
}

TEST_F(CampaignTest, AsksTheTargetForEachTextOnceHoweverManyAttacksRead) {
  MemoryStore store;
  plan_.attacks = {{"loss", {}}, {"zlib_ratio", {}}, {"min_k_probability", {}}, {"min_k_plus_plus", {}}};
  engines::ScriptedModel model(Script());
  const Ran ran = Run(model, store, "r1");
  EXPECT_EQ(model.Used().queries, 2 * kTexts);
  EXPECT_EQ(ran.summary.queries, 2 * kTexts) << "the cost is told once";
  EXPECT_EQ(ran.summary.tokens, model.Used().tokens_in);
}

TEST_F(CampaignTest, CutAndResumedEndsLikeOneRun) {
  engines::ScriptedModel model(Script());
  MemoryStore whole, cut;
  const Ran wanted = Run(model, whole, "r1");
  StopAfter stop(3);
  const Ran first = Run(model, cut, "r1", &stop);
  EXPECT_TRUE(first.outcome.stopped);
  EXPECT_GT(first.outcome.made, 0u);
  EXPECT_GT(first.outcome.missing(), 0u);
  const std::uint64_t queries = model.Used().queries;
  const Ran second = Run(model, cut, "r2");
  EXPECT_EQ(second.outcome.known, first.outcome.made);
  EXPECT_EQ(second.outcome.missing(), 0u);
  EXPECT_EQ(second.records.size(), wanted.records.size());
  for (std::size_t i = 0; i < wanted.records.size(); ++i) {
    EXPECT_EQ(second.records[i].id, wanted.records[i].id);
    EXPECT_EQ(second.records[i].score, wanted.records[i].score) << wanted.records[i].trial.attack;
  }
  const std::uint64_t before = model.Used().queries;
  EXPECT_LT(before - queries, queries) << "what was logged is not asked again";
  Run(model, cut, "r3");
  EXPECT_EQ(model.Used().queries, before);
}

TEST_F(CampaignTest, ATargetThatDiesCostsNothingThatWasLogged) {
  plan_.attacks = {{"loss", {}}, {"blind_baseline", {}}};
  engines::Script script = Script();
  script.faults = {{3, 99, {Fault::kUnavailable, "it does not answer"}}};
  engines::ScriptedModel dying(script);
  MemoryStore store;
  const Ran ran = Run(dying, store, "r1");
  EXPECT_THAT(ran.outcome.troubles, testing::ElementsAre("known: left after 3 failures in a row: it does not answer"));
  EXPECT_EQ(ran.outcome.missing(), 2 * kTexts - 10u);
  EXPECT_EQ(Of(ran.summary, "blind_baseline").missing, 0u) << "the rest goes on";
  engines::ScriptedModel model(Script());
  EXPECT_EQ(Run(model, store, "r2").outcome.missing(), 0u);
}

TEST_F(CampaignTest, ATextThatTheTargetRefusesIsAnErrorAndSpoilsNoOther) {
  plan_.attacks = {{"loss", {}}};
  engines::Script script = Script();
  // The first call holds five texts; asked alone, the second of them, the first that is held
  // out, fails again.
  script.faults = {{1, 1, {Fault::kInvalidInput, "no"}}, {3, 3, {Fault::kInvalidInput, "not this one"}}};
  engines::ScriptedModel model(script);
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_EQ(ran.outcome.missing(), 0u);
  EXPECT_EQ(Of(ran.summary, "loss").errors, 1u);
  EXPECT_EQ(Of(ran.summary, "loss").held_out, kTexts - 1);
  EXPECT_EQ(ran.records[kTexts].outcome, Outcome::kError);
  EXPECT_EQ(ran.records[kTexts].observed, "not this one");
}

TEST_F(CampaignTest, APromptThatDoesNotFitIsAnErrorAndTheRestGoesOn) {
  plan_.attacks = {{"divergence", {}}, {"discoverable_memorization", {{"prefix", 10}, {"suffix", 10}}}};
  plan_.seeds = {1};
  engines::Script script = Script();
  script.context = 100;  // too short for a word said fifty times
  engines::ScriptedModel model(script);
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_THAT(ran.outcome.troubles, testing::IsEmpty()) << "no budget was spent";
  EXPECT_EQ(ran.outcome.missing(), 0u);
  ASSERT_EQ(ran.summary.success.size(), 3u);
  for (const SuccessResult& result : ran.summary.success) {
    EXPECT_EQ(result.errors, result.attack == "divergence" ? 4u : 0u) << result.attack;
    EXPECT_EQ(result.failed + result.succeeded, result.attack == "divergence" ? 0u : kTexts) << result.attack;
  }
}

TEST_F(CampaignTest, GivesEachAttackTheSamplesThatItNeeds) {
  plan_.attacks = {{"divergence", {}}, {"canary_exposure", {}}, {"personal_data", {}}, {"loss", {}}};
  plan_.samples = {{"canary_exposure", folder_ + "/canaries.jsonl"}};
  Write("canaries.jsonl", {R"({"text": "a 1", "candidates": ["a 2", "a 3"], "label": "planted"})"});
  Texts texts = ReadTexts(plan_).value();
  ASSERT_TRUE(ReadSamples(plan_, cards_, texts).ok());
  engines::ScriptedModel model(Script());
  const std::vector<Subject> subjects = {{"known", &model, nullptr}};
  const TrialList list = ListTrials(plan_, texts, subjects, cards_).value();
  std::map<std::string, std::vector<const ListedTrial*>> by_attack;
  for (const ListedTrial& trial : list.trials) by_attack[trial.trial.attack].push_back(&trial);
  EXPECT_EQ(by_attack["loss"].size(), 2 * kTexts);
  EXPECT_EQ(LabelOf(plan_, texts, *by_attack["loss"].back()), "held_out");
  ASSERT_EQ(by_attack["divergence"].size(), 4u * 2) << "four words, two seeds";
  EXPECT_EQ(SampleOf(plan_, texts, *by_attack["divergence"][0]).text, "poem");
  EXPECT_EQ(SampleOf(plan_, texts, *by_attack["divergence"][0]).candidates, members_) << "the texts that it may recite";
  ASSERT_EQ(by_attack["canary_exposure"].size(), 1u) << "nothing is drawn, so once";
  EXPECT_EQ(LabelOf(plan_, texts, *by_attack["canary_exposure"][0]), "planted");
  EXPECT_EQ(SampleOf(plan_, texts, *by_attack["canary_exposure"][0]).candidates.size(), 2u);
  EXPECT_THAT(list.skips, testing::ElementsAre(Skip{"personal_data", "known",
                                                    "needs samples of its own: [samples] personal_data = \"FILE\""}));
  // Other known texts are other trials; a canary does not mind.
  const std::string word = by_attack["divergence"][0]->id, canary = by_attack["canary_exposure"][0]->id;
  Write("members.txt", {members_.begin(), members_.end() - 1});
  texts = ReadTexts(plan_).value();
  ASSERT_TRUE(ReadSamples(plan_, cards_, texts).ok());
  const TrialList other = ListTrials(plan_, texts, subjects, cards_).value();
  const auto holds = [&](const std::string& id) {
    return std::ranges::find(other.trials, id, &ListedTrial::id) != other.trials.end();
  };
  EXPECT_FALSE(holds(word));
  EXPECT_TRUE(holds(canary));
}

TEST_F(CampaignTest, KeepsToTheBudget) {
  plan_.attacks = {{"loss", {}}};
  plan_.budget.queries = 12;
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_EQ(ran.outcome.made, 10u);
  EXPECT_LE(model.Used().queries, 12u);
  ASSERT_EQ(ran.outcome.troubles.size(), 1u);
  EXPECT_THAT(ran.outcome.troubles[0], HasSubstr("the budget is spent"));
}

// A spent budget leaves both kinds of texts, or nothing could be said.
TEST_F(CampaignTest, TakesMembersAndOthersInTurn) {
  plan_.attacks = {{"loss", {}}};
  plan_.budget.queries = 20;
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const MembershipResult loss = Of(Run(model, store, "r1").summary, "loss");
  EXPECT_EQ(loss.members, 10u);
  EXPECT_EQ(loss.held_out, 10u);
  ASSERT_EQ(loss.growth.size(), 3u) << "8, 16, 20 texts";
  EXPECT_EQ(loss.growth[0].texts, 8u);
  EXPECT_EQ(loss.growth.back().texts, 20u);
  EXPECT_EQ(loss.growth.back().auroc, loss.auroc);
  EXPECT_GE(loss.growth.front().interval.width(), loss.growth.back().interval.width());
}

TEST_F(CampaignTest, AttacksTheModelAsSuchOnceASeedAndNeedsNoTextsForIt) {
  plan_.attacks = {{"hidden_dimension", {}}};
  plan_.members = plan_.held_out = "";
  engines::ScriptedModel model({.language = {.seed = 3, .hidden_dimension = 48}});
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  ASSERT_EQ(ran.list.trials.size(), 2u) << "two seeds";
  ASSERT_EQ(ran.summary.taken.size(), 2u);
  const TakenResult& taken = ran.summary.taken[0];
  EXPECT_EQ(taken.outcome, Outcome::kSucceeded);
  EXPECT_EQ(taken.found, 48);
  EXPECT_EQ(taken.truth, 48u);
  EXPECT_EQ(taken.queries, 1u) << "64 rows are enough, and come with one question";
  EXPECT_EQ(taken.spent, "rows of logits");
  ASSERT_FALSE(taken.curve.empty());
  EXPECT_EQ(taken.curve.front().gained, 8) << "so few rows show no more";
  EXPECT_EQ(taken.curve.back().gained, 48);
  EXPECT_EQ(Run(model, store, "r2").outcome.made, 0u);
}

TEST_F(CampaignTest, ADimensionThatIsNotFoundIsNoSuccess) {
  plan_.attacks = {{"hidden_dimension", {{"rows", 16}}}};
  engines::ScriptedModel model({.language = {.hidden_dimension = 48}});
  MemoryStore store;
  EXPECT_EQ(Run(model, store, "r1").summary.taken.at(0).outcome, Outcome::kFailed);
  engines::Script failing;
  failing.faults = {{1, 99, {Fault::kInvalidInput, "no logits today"}}};
  engines::ScriptedModel refusing(failing);
  MemoryStore other;
  const TakenResult refused = Run(refusing, other, "r1").summary.taken.at(0);
  EXPECT_EQ(refused.outcome, Outcome::kError);
  EXPECT_EQ(refused.error, "no logits today");
}

TEST_F(CampaignTest, ATrialIsAnotherWhereWhatDecidesItChanges) {
  engines::ScriptedModel model(Script());
  engines::Script narrow = Script();
  narrow.context = 32;
  engines::ScriptedModel narrow_model(narrow);
  std::vector<Subject> subjects = {{"known", &model, nullptr}};
  const auto id = [&](std::string_view attack) {
    const TrialList list = ListTrials(plan_, ReadTexts(plan_).value(), subjects, cards_).value();
    for (const ListedTrial& trial : list.trials)
      if (trial.trial.attack == attack) return trial.id;
    return std::string();
  };
  const std::string loss = id("loss"), recall = id("recall"), blind = id("blind_baseline");
  Write("prefix.txt", {"other words"});
  EXPECT_EQ(id("loss"), loss);
  EXPECT_NE(id("recall"), recall);
  Write("held_out.txt", {held_out_.begin(), held_out_.end() - 1});
  EXPECT_EQ(id("loss"), loss);
  EXPECT_NE(id("blind_baseline"), blind) << "it learns from all texts";
  subjects[0].model = &narrow_model;
  EXPECT_NE(id("loss"), loss) << "the texts are cut elsewhere";
}

TEST_F(CampaignTest, RefusesHeldOutTextsThatAreMembers) {
  Write("held_out.txt", {held_out_[0], members_[3]});
  const auto texts = ReadTexts(plan_);
  ASSERT_FALSE(texts.ok());
  EXPECT_THAT(texts.error().what, HasSubstr("the text 2 of "));
  EXPECT_THAT(texts.error().what, HasSubstr("is a member, too"));
}

}  // namespace
}  // namespace ringfort::campaign
