#include "campaign/attack_flow.h"

#include <gtest/gtest.h>

#include <deque>

namespace ringfort::campaign {
namespace {

TEST(MembershipFlow, IsTheCapacityAtTheMedian) {
  // 18 of 20 members and 2 of 20 others lie above: a binary symmetric channel of 0.1.
  std::vector<double> members(18, 2.0), others(18, -2.0);
  members.insert(members.end(), {-1, -1});
  others.insert(others.end(), {1, 1});
  const AttackFlow flow = MembershipFlow(members, others).value().value();
  EXPECT_NEAR(flow.bits, 0.531004406411, 1e-9);
  EXPECT_EQ(flow.tries, 40u);
  EXPECT_EQ(flow.choices, 2);
  EXPECT_TRUE(flow.leak_shown());
  EXPECT_TRUE(flow.interval.Holds(flow.bits));
}

TEST(MembershipFlow, OfScoresThatAreAllTheSameIsNothing) {
  const std::vector<double> same(30, 1.0);
  const AttackFlow flow = MembershipFlow(same, same).value().value();
  EXPECT_NEAR(flow.bits, 0, 1e-9);
  EXPECT_FALSE(flow.leak_shown());
  EXPECT_FALSE(MembershipFlow(std::vector<double>{1}, same).value());
}

// Trials on codes of four digits.
class SecretFlowTest : public testing::Test {
 protected:
  void Try(std::uint64_t count, double space, std::vector<std::string> candidates = {}) {
    plan_.attacks = {{"asks", {}}};
    for (std::uint64_t i = 0; i < count; ++i) {
      attacks::Sample sample;
      sample.text = std::to_string(texts_.samples["asks"].size());
      sample.space = space;
      sample.candidates = candidates;
      texts_.samples["asks"].push_back(MakeSample(sample, "codes"));
      ListedTrial& trial = listed_.emplace_back();
      trial.trial.attack = "asks";
      trial.text = static_cast<std::uint32_t>(listed_.size() - 1);
      TrialRecord& record = records_.emplace_back();
      record.outcome = Outcome::kSucceeded;
      record.queries = 4;
      tried_.emplace_back(&trial, &record);
    }
  }
  std::optional<AttackFlow> Flow(std::uint64_t succeeded, std::uint64_t failed, std::string judge = "overlap") {
    SuccessResult result;
    result.label = "codes";
    result.judge = std::move(judge);
    result.succeeded = succeeded;
    result.failed = failed;
    result.clustered = clustered_;
    return SecretFlow(plan_, texts_, card_, tried_, result).value();
  }

  Plan plan_;
  Texts texts_;
  attacks::AttackCard card_{.name = "asks", .needs = {engines::Ability::kGenerate}};
  std::deque<ListedTrial> listed_;
  std::deque<TrialRecord> records_;
  std::vector<TriedSample> tried_;
  bool clustered_ = false;
};

TEST_F(SecretFlowTest, IsFanosBoundOnWhatTheAnswersTell) {
  Try(32, 10'000);
  const AttackFlow flow = Flow(27, 5).value();
  EXPECT_NEAR(flow.bits, 10.58627, 1e-5);
  EXPECT_EQ(flow.choices, 10'000);
  EXPECT_EQ(flow.queries, 4);
  EXPECT_EQ(flow.tries, 32u);
}

TEST_F(SecretFlowTest, TheEasiestSecretCounts) {
  Try(4, 10'000);
  Try(4, 16);
  EXPECT_NEAR(Flow(8, 0).value().bits, 4, 1e-12);
}

TEST_F(SecretFlowTest, CandidatesCountWhereTheAttackChoosesAmongThem) {
  Try(8, 0, {"a", "b", "c"});
  EXPECT_FALSE(Flow(8, 0)) << "candidates of those who let the target speak may be anything";
  card_.needs = {engines::Ability::kScores};
  EXPECT_NEAR(Flow(8, 0).value().bits, 2, 1e-12) << "three others and the truth";
}

TEST_F(SecretFlowTest, TellsNothingOnTheWordOfAJudgeWhoMayErrOrOfSeveralSeeds) {
  Try(8, 10'000);
  EXPECT_FALSE(Flow(8, 0, "refusal"));
  EXPECT_FALSE(Flow(0, 0));
  clustered_ = true;
  EXPECT_FALSE(Flow(8, 0));
}

}  // namespace
}  // namespace ringfort::campaign
