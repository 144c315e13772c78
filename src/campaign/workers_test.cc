// Several workers do what one does.
#include "campaign/campaign_fixture_internal.h"

namespace ringfort::campaign {
namespace {

TEST_F(CampaignTest, SeveralWorkersLogWhatOneLogs) {
  plan_.attacks.push_back({"divergence", {}});
  plan_.attacks.push_back({"discoverable_memorization", {{"prefix", 10}, {"suffix", 10}}});
  plan_.attacks.push_back({"hidden_dimension", {}});
  MemoryStore alone, together;
  const Ran wanted = RunTogether(Script(), 1, alone, "r1");
  const std::uint64_t asked = asked_;
  const Ran ran = RunTogether(Script(), 5, together, "r1");
  EXPECT_EQ(ran.records, wanted.records);
  EXPECT_EQ(asked_, asked) << "nothing is asked twice";
  EXPECT_EQ(ran.outcome.made, wanted.outcome.made);
  EXPECT_EQ(ran.outcome.missing(), 0u);
  EXPECT_THAT(ran.outcome.troubles, testing::IsEmpty());
}

// A budget that gives out does so at the same trial.
TEST_F(CampaignTest, SeveralWorkersKeepToTheBudgetAsOneDoes) {
  plan_.attacks = {{"loss", {}}, {"neighborhood", {}}, {"discoverable_memorization", {{"prefix", 10}, {"suffix", 10}}}};
  for (const std::uint64_t queries : {17, 60, 150, 400, 431}) {
    plan_.budget.queries = queries;
    plan_.budget.tokens = 0;
    MemoryStore alone, together;
    const Ran wanted = RunTogether(Script(), 1, alone, "r1");
    const Ran ran = RunTogether(Script(), 4, together, "r1");
    EXPECT_LE(asked_, queries);
    EXPECT_EQ(ran.records, wanted.records) << queries << " queries";
    EXPECT_EQ(ran.outcome.troubles, wanted.outcome.troubles);
  }
  plan_.budget = {0, 9000, 0};
  MemoryStore alone, together;
  const Ran wanted = RunTogether(Script(), 1, alone, "r1");
  EXPECT_GT(wanted.outcome.missing(), 0u);
  EXPECT_EQ(RunTogether(Script(), 4, together, "r1").records, wanted.records) << "tokens";
}

TEST_F(CampaignTest, SeveralWorkersCutAndResumedEndLikeOneRun) {
  plan_.attacks.push_back({"discoverable_memorization", {{"prefix", 10}, {"suffix", 10}}});
  MemoryStore whole, cut;
  const Ran wanted = RunTogether(Script(), 1, whole, "r1");
  StopAfter stop(1);  // at most 12 results wait for the log at a time, and there are 68
  const Ran first = RunTogether(Script(), 3, cut, "r1", &stop);
  EXPECT_TRUE(first.outcome.stopped);
  EXPECT_GT(first.outcome.missing(), 0u);
  EXPECT_EQ(first.outcome.made, first.records.size()) << "what was answered is logged";
  const Ran second = RunTogether(Script(), 3, cut, "r2");
  EXPECT_EQ(second.outcome.missing(), 0u);
  ASSERT_EQ(second.records.size(), wanted.records.size());
  for (std::size_t i = 0; i < wanted.records.size(); ++i)
    EXPECT_EQ(second.records[i].score, wanted.records[i].score) << wanted.records[i].trial.attack;
}

TEST_F(CampaignTest, AWorkerWithoutAModelLeavesItsTargetToTheOthers) {
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const Ran ran = Run(model, store, "r1", nullptr, {nullptr, nullptr});
  EXPECT_EQ(ran.outcome.missing(), 0u);
  EXPECT_GT(model.Used().queries, 0u);
}

TEST_F(CampaignTest, SeveralWorkersLeaveATargetThatDies) {
  plan_.attacks = {{"loss", {}}, {"blind_baseline", {}}};
  engines::Script script = Script();
  script.faults = {{1, 99, {Fault::kUnavailable, "it does not answer"}}};
  MemoryStore store;
  const Ran ran = RunTogether(script, 4, store, "r1");
  EXPECT_THAT(ran.outcome.troubles, testing::ElementsAre("known: left after 3 failures in a row: it does not answer"));
  EXPECT_EQ(ran.outcome.missing(), 2 * kTexts);
}

}  // namespace
}  // namespace ringfort::campaign
