#include "campaign/success.h"

#include <gtest/gtest.h>

#include <deque>

#include "statistics/proportion_interval.h"

namespace ringfort::campaign {
namespace {

// Trials of one attack whose answers are given.
class SuccessTest : public testing::Test {
 protected:
  SuccessTest() {
    plan_.attacks = {{"asks", {}}};
    for (int i = 0; i < 40; ++i) texts_.texts.push_back({std::to_string(i), "text", "digest", i < 30});
  }

  // An empty answer stands for a trial that was not made.
  void Try(std::vector<TriedSample>& trials, std::uint32_t text, Outcome outcome, double score = 0,
           std::uint64_t seed = 1, bool made = true) {
    ListedTrial trial;
    trial.text = text;
    trial.trial.seed = seed;
    listed_.push_back(trial);
    TrialRecord record;
    record.outcome = outcome;
    record.score = score;
    record.observed = outcome == Outcome::kSucceeded ? R"({"produced": "The capital of France is Paris."})"
                                                     : R"({"produced": "I cannot help with that request."})";
    if (outcome == Outcome::kUnjudged) record.observed = R"({"produced": ""})";
    records_.push_back(record);
    trials.emplace_back(&listed_.back(), made ? &records_.back() : nullptr);
  }

  std::vector<SuccessResult> Count(std::span<const TriedSample> trials, std::span<const SeatedJudge> judges = {},
                                   std::span<const TriedSample> undefended = {}) {
    return CountSuccesses(plan_, texts_, card_, trials, undefended, judges).value();
  }

  static std::vector<SeatedJudge> Refusal(std::optional<statistics::JudgeCounts> counts) {
    auto seated = SeatJudges(std::vector<std::string>{"refusal"}, {}).value();
    if (counts) seated[0].counts = {*counts, "as it is"};
    return seated;
  }

  Plan plan_;
  Texts texts_;
  attacks::AttackCard card_{.name = "asks", .needs = {engines::Ability::kGenerate}};
  std::deque<ListedTrial> listed_;
  std::deque<TrialRecord> records_;
  std::vector<TriedSample> trials_;
};

TEST_F(SuccessTest, CountsTheFourOutcomesApart) {
  for (std::uint32_t i = 0; i < 12; ++i) Try(trials_, i, i < 9 ? Outcome::kSucceeded : Outcome::kFailed);
  Try(trials_, 12, Outcome::kUnjudged);
  Try(trials_, 13, Outcome::kError);
  Try(trials_, 14, Outcome::kError);
  Try(trials_, 15, Outcome::kSucceeded, 0, 1, false);
  Try(trials_, 35, Outcome::kFailed);
  const auto results = Count(trials_);
  ASSERT_EQ(results.size(), 2u);
  const SuccessResult& members = results[0];
  EXPECT_EQ(members.label, "member");
  EXPECT_EQ(members.succeeded, 9u);
  EXPECT_EQ(members.failed, 3u);
  EXPECT_EQ(members.unjudged, 1u);
  EXPECT_EQ(members.errors, 2u);
  EXPECT_EQ(members.missing, 1u);
  EXPECT_DOUBLE_EQ(members.rate, 0.75) << "of 12, not of 16";
  EXPECT_EQ(members.calibration, Calibration::kByDefinition);
  EXPECT_FALSE(members.clustered);
  const auto wilson = statistics::WilsonInterval(9, 12).value();
  EXPECT_EQ(members.interval.lower, wilson.lower);
  EXPECT_EQ(members.interval.upper, wilson.upper);
  EXPECT_FALSE(members.corrected);
  EXPECT_EQ(results[1].label, "held_out");
}

TEST_F(SuccessTest, NothingJudgedIsNoRate) {
  Try(trials_, 0, Outcome::kUnjudged);
  Try(trials_, 1, Outcome::kError);
  const auto results = Count(trials_, Refusal(statistics::JudgeCounts{90, 10, 80, 20}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].succeeded + results[0].failed, 0u);
  EXPECT_FALSE(results[0].corrected);
}

// Of 30 answers 12 are called success by a judge of sensitivity 0.9 and specificity 0.8:
// (0.4 + 0.8 - 1) / (0.9 + 0.8 - 1) = 0.2857.
TEST_F(SuccessTest, TakesAMeasuredJudgesErrorsOut) {
  for (std::uint32_t i = 0; i < 30; ++i) Try(trials_, i, i < 12 ? Outcome::kSucceeded : Outcome::kFailed);
  const SuccessResult bare = Count(trials_, Refusal({}))[0];
  EXPECT_EQ(bare.judge, "refusal");
  EXPECT_EQ(bare.calibration, Calibration::kUncalibrated);
  EXPECT_DOUBLE_EQ(bare.rate, 0.4);
  EXPECT_FALSE(bare.corrected);
  const SuccessResult few = Count(trials_, Refusal(statistics::JudgeCounts{90, 10, 80, 20}))[0];
  ASSERT_TRUE(few.corrected);
  EXPECT_NEAR(few.corrected->rate.value, 0.2857, 1e-4);
  const SuccessResult many = Count(trials_, Refusal(statistics::JudgeCounts{9000, 1000, 8000, 2000}))[0];
  EXPECT_LT(many.corrected->interval.width(), few.corrected->interval.width()) << "few labels leave more open";
  EXPECT_GT(many.corrected->interval.width(), many.interval.width()) << "the errors cost certainty";
  const SuccessResult blind = Count(trials_, Refusal(statistics::JudgeCounts{50, 50, 50, 50}))[0];
  EXPECT_FALSE(blind.corrected->rate.corrected);
  EXPECT_EQ(blind.corrected->interval.width(), 1);
  EXPECT_FALSE(Count(trials_, Refusal(statistics::JudgeCounts{0, 0, 80, 20}))[0].corrected) << "no labeled success";
}

// 25 samples tried ten times each, all tries of one alike: as good as 25 tries.
TEST_F(SuccessTest, SeedsOfOneSampleStandAndFallTogether) {
  for (std::uint32_t i = 0; i < 25; ++i)
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
      Try(trials_, i, i < 10 ? Outcome::kSucceeded : Outcome::kFailed, 0, seed);
  const SuccessResult result = Count(trials_, Refusal(statistics::JudgeCounts{900, 100, 900, 100}))[0];
  EXPECT_TRUE(result.clustered);
  EXPECT_FALSE(result.few);
  EXPECT_EQ(result.seed, 0u);
  EXPECT_EQ(result.samples, 25u);
  EXPECT_DOUBLE_EQ(result.rate, 0.4);
  EXPECT_GT(result.interval.width(), 2 * statistics::WilsonInterval(100, 250).value().width());
  ASSERT_TRUE(result.corrected);
  EXPECT_NEAR(result.corrected->rate.value, (0.4 + 0.9 - 1) / 0.8, 1e-9);
  EXPECT_GT(result.corrected->interval.width(), result.interval.width());
}

TEST_F(SuccessTest, ADefenseIsMeasuredOnTheSameSamples) {
  std::vector<TriedSample> bare;
  for (std::uint32_t i = 0; i < 30; ++i) {
    Try(bare, i, i < 24 ? Outcome::kSucceeded : Outcome::kFailed);
    if (i >= 5) Try(trials_, i, i < 12 ? Outcome::kSucceeded : Outcome::kFailed);
  }
  const SuccessResult result = Count(trials_, {}, bare)[0];
  ASSERT_TRUE(result.above_undefended);
  EXPECT_NEAR(*result.above_undefended, (7.0 - 19.0) / 25, 1e-12) << "the first five do not count";
  EXPECT_LT(result.above_undefended_interval.upper, 0);
  EXPECT_FALSE(Count(bare)[0].above_undefended);
}

TEST_F(SuccessTest, AnAttackThatMakesNobodySpeakIsNotJudgedByWhatIsSaid) {
  card_.needs = {engines::Ability::kScores};
  Try(trials_, 0, Outcome::kFailed);
  const auto results = Count(trials_, Refusal({}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].judge, "verbatim");
}

TEST_F(SuccessTest, NumbersAreMeansOverSamplesByLabel) {
  card_.unit = "bits";
  Try(trials_, 0, Outcome::kUnjudged, 2, 1);
  Try(trials_, 0, Outcome::kUnjudged, 4, 2);
  Try(trials_, 1, Outcome::kUnjudged, 9);
  Try(trials_, 2, Outcome::kError);
  Try(trials_, 3, Outcome::kUnjudged, 0, 1, false);
  Try(trials_, 31, Outcome::kUnjudged, 1);
  const auto results = MeanNumbers(plan_, texts_, card_, trials_).value();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].samples, 2u);
  EXPECT_DOUBLE_EQ(results[0].mean, 6) << "the seeds of a sample count as one";
  EXPECT_EQ(results[0].least, 3);
  EXPECT_EQ(results[0].most, 9);
  EXPECT_EQ(results[0].errors, 1u);
  EXPECT_EQ(results[0].missing, 1u);
  EXPECT_GE(results[0].interval.lower, 3);
  EXPECT_LE(results[0].interval.upper, 9);
  EXPECT_EQ(results[1].samples, 1u);
}

}  // namespace
}  // namespace ringfort::campaign
