// Attacks that learn from models of known training data.
#include "campaign/campaign_fixture_internal.h"

namespace ringfort::campaign {
namespace {

using testing::HasSubstr;

class ShadowTest : public CampaignTest {
 protected:
  ShadowTest() {
    Write("shadow_members.txt", shadow_members_);
    Write("shadow_others.txt", DrawTexts(4));
    plan_.attacks = {{"loss", {}}, {"neighborhood", {}}, {"shadow_ensemble", {}}, {"blind_baseline", {}}};
    plan_.seeds = {1};
    plan_.shadows = {{"shadow", folder_ + "/shadow_members.txt", folder_ + "/shadow_others.txt"}};
    engines::Script script;
    script.language.memorized = shadow_members_;
    script.language.memory_strength = 3;
    shadow_ = std::make_unique<engines::ScriptedModel>(script);
    shadows_ = {shadow_.get()};
  }

  std::string Skipped() {
    engines::ScriptedModel model(Script());
    MemoryStore store;
    const Ran ran = Run(model, store, "r1");
    return ran.summary.skips.empty() ? "" : ran.summary.skips[0].reason;
  }

  const std::vector<std::string> shadow_members_ = DrawTexts(3);
  std::unique_ptr<engines::ScriptedModel> shadow_;
};

TEST_F(ShadowTest, AnEnsembleLearnsFromAShadowAndIsToldOfTheTarget) {
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_THAT(ran.outcome.troubles, testing::IsEmpty());
  EXPECT_EQ(ran.outcome.missing(), 0u);
  EXPECT_GT(Of(ran.summary, "shadow_ensemble").auroc, 0.9);
  EXPECT_EQ(model.Used().queries, 2 * kTexts * (1 + 3 + 2)) << "itself, neighbors, lower case, behind the prefix: once";
  EXPECT_EQ(ran.summary.queries, model.Used().queries);
  EXPECT_EQ(shadow_->Used().queries, 2 * kTexts * 3) << "no neighbors";
}

// What was seen on the way does not change what the ensemble says.
TEST_F(ShadowTest, SaysTheSameWhenResumedAloneOrByManyWorkers) {
  MemoryStore whole, parts, together;
  const Ran wanted = RunTogether(Script(), 1, whole, "r1");
  EXPECT_EQ(RunTogether(Script(), 3, together, "r1").records, wanted.records);
  const std::vector<PlannedAttack> all = plan_.attacks;
  plan_.shadows.clear();
  plan_.attacks = {{"loss", {}}, {"neighborhood", {}}};
  RunTogether(Script(), 1, parts, "r1");
  plan_.attacks = all;
  plan_.shadows = {{"shadow", folder_ + "/shadow_members.txt", folder_ + "/shadow_others.txt"}};
  const Ran resumed = RunTogether(Script(), 1, parts, "r2");
  ASSERT_EQ(resumed.records.size(), wanted.records.size());
  for (std::size_t i = 0; i < wanted.records.size(); ++i)
    EXPECT_EQ(resumed.records[i].score, wanted.records[i].score) << wanted.records[i].trial.attack;
}

TEST_F(ShadowTest, WrongShadowsCostTheEnsembleAlone) {
  EXPECT_EQ(Skipped(), "");
  engines::Script no_scores;
  no_scores.gives = {engines::Ability::kGenerate};
  engines::ScriptedModel mute(no_scores), itself(Script());
  shadows_ = {&mute};
  EXPECT_EQ(Skipped(), "shadow 1 (shadow) does not give scores");
  shadows_ = {&itself};
  EXPECT_EQ(Skipped(), "shadow 1 (shadow) is the target itself: its labels are what is asked for");
  shadows_ = {shadow_.get()};
  plan_.shadows[0].held_out = folder_ + "/gone.txt";
  EXPECT_THAT(Skipped(), testing::StartsWith("shadow 1 (shadow): "));
  plan_.shadows[0].held_out = plan_.shadows[0].members;
  EXPECT_THAT(Skipped(), HasSubstr("is a member, too"));
  plan_.shadows.clear();
  EXPECT_EQ(Skipped(), "needs shadow models, and the plan names none");
}

TEST_F(ShadowTest, AShadowThatFailsLeavesTheEnsembleForTheNextRun) {
  engines::Script script;
  script.language.memorized = shadow_members_;
  script.faults = {{2, 99, {Fault::kUnavailable, "it sleeps"}}};
  engines::ScriptedModel sleeping(script);
  shadows_ = {&sleeping};
  engines::ScriptedModel model(Script());
  MemoryStore store;
  const Ran ran = Run(model, store, "r1");
  EXPECT_THAT(ran.outcome.troubles, testing::ElementsAre("known: shadow 1 (shadow): it sleeps"));
  EXPECT_EQ(ran.outcome.missing(), 2 * kTexts);
}

TEST_F(ShadowTest, AnotherShadowIsAnotherTrial) {
  engines::ScriptedModel model(Script());
  std::vector<Subject> subjects = {{"known", &model, nullptr, {}, {}, shadows_}};
  const auto id = [&] {
    for (const ListedTrial& trial : ListTrials(plan_, ReadTexts(plan_).value(), subjects, cards_).value().trials)
      if (trial.trial.attack == "shadow_ensemble") return trial.id;
    return std::string();
  };
  const std::string before = id();
  engines::ScriptedModel other({.language = {.seed = 9}});
  subjects[0].shadows = {&other};
  EXPECT_NE(id(), before);
  subjects[0].shadows = shadows_;
  EXPECT_EQ(id(), before);
  Write("shadow_others.txt", DrawTexts(5));
  EXPECT_NE(id(), before);
}

}  // namespace
}  // namespace ringfort::campaign
