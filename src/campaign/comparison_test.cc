#include "campaign/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "attacks/model_to_data/family.h"
#include "base/random.h"

namespace ringfort::campaign {
namespace {

// A campaign with a scores' attack and one that asks, whose log is made up.
class Logged {
 public:
  Logged() { plan_.attacks = {{"loss", {}}, {"discoverable_memorization", {}}, {"canary_exposure", {}}}; }

  void AddScore(const std::string& digest, bool member, double score) {
    texts_.texts.push_back({digest, digest, digest, member});
    Add(0, static_cast<std::uint32_t>(texts_.texts.size() - 1), digest, Outcome::kUnjudged, score);
  }
  void AddAnswer(const std::string& digest, Outcome outcome, std::uint64_t seed = 1) {
    texts_.texts.push_back({digest, digest, digest, true});
    Add(1, static_cast<std::uint32_t>(texts_.texts.size() - 1), digest, outcome, 0, seed);
  }
  void AddNumber(const std::string& digest, double number) {
    auto& samples = texts_.samples["canary_exposure"];
    samples.push_back({{}, "planted", digest, false});
    Add(2, static_cast<std::uint32_t>(samples.size() - 1), digest, Outcome::kUnjudged, number);
  }

  LoggedCampaign logged() const { return {plan_, texts_, subjects_, cards_, list_, records_, judges_}; }
  std::vector<SeatedJudge> judges_;
  std::vector<Subject> subjects_ = {{"chat", nullptr, nullptr, "", ""}};

 private:
  void Add(std::uint32_t attack, std::uint32_t text, const std::string& digest, Outcome outcome, double score,
           std::uint64_t seed = 0) {
    ListedTrial trial;
    trial.attack = attack;
    trial.text = text;
    trial.trial.sample = digest;
    trial.trial.seed = seed;
    trial.id = std::to_string(list_.trials.size());
    TrialRecord record;
    record.id = trial.id;
    record.outcome = outcome;
    record.score = score;
    list_.trials.push_back(trial);
    records_.push_back(record);
  }

  Plan plan_;
  Texts texts_;
  std::vector<attacks::AttackEntry> cards_ = attacks::model_to_data::Family();
  TrialList list_;
  std::vector<TrialRecord> records_;
};

// Scores that tell members by `shift`; the noise of a text is the same in every campaign.
Logged Scores(double shift, const std::string& prefix = "t", std::uint64_t seed = 1) {
  Logged logged;
  Random random(seed);
  for (int i = 0; i < 100; ++i) {
    const bool member = i % 2 == 0;
    const double noise = random.Uniform() * 10;
    logged.AddScore(prefix + std::to_string(i), member, noise + (member ? shift : 0) + 0.1 * random.Uniform());
  }
  return logged;
}

ComparedLine Only(const Logged& before, const Logged& after) {
  const auto lines = Compare(before.logged(), after.logged()).value();
  EXPECT_EQ(lines.size(), 1u);
  return lines.at(0);
}

TEST(Compare, TheSameCampaignDidNotChange) {
  const Logged campaign = Scores(1);
  const ComparedLine line = Only(campaign, campaign);
  EXPECT_EQ(line.standing, Standing::kBoth);
  EXPECT_TRUE(line.paired);
  EXPECT_EQ(line.shared, 100u);
  EXPECT_EQ(*line.change, 0);
  EXPECT_EQ(line.probability, 1);
  EXPECT_EQ(Reading(line), "no change shown");
}

TEST(Compare, PairsSeeWhatTwoSetsWouldNot) {
  const ComparedLine paired = Only(Scores(1), Scores(2.5));
  ASSERT_TRUE(paired.paired);
  EXPECT_GT(*paired.change, 0.05);
  EXPECT_NEAR(*paired.after - *paired.before, *paired.change, 1e-12);
  EXPECT_GT(paired.interval->lower, 0);
  EXPECT_EQ(Reading(paired), "rose");
  EXPECT_EQ(Reading(Only(Scores(2.5), Scores(1))), "fell");
  const ComparedLine apart = Only(Scores(1), Scores(2.5, "u", 7));
  EXPECT_FALSE(apart.paired);
  EXPECT_EQ(apart.shared, 0u);
  ASSERT_TRUE(apart.interval);
  EXPECT_GT(apart.interval->width(), 2 * paired.interval->width());
  EXPECT_GT(apart.probability, paired.probability);
}

TEST(Compare, ATextWhoseTruthChangedIsNoPair) {
  Logged before, after;
  for (int i = 0; i < 8; ++i) {
    before.AddScore(std::to_string(i), i % 2 == 0, i);
    after.AddScore(std::to_string(i), i % 2 == 1, i);
  }
  EXPECT_FALSE(Only(before, after).paired);
}

TEST(Compare, TellsLinesThatAreGoneAndNew) {
  Logged before = Scores(1), after;
  after.AddAnswer("a", Outcome::kSucceeded);
  after.AddAnswer("b", Outcome::kFailed);
  const auto lines = Compare(before.logged(), after.logged()).value();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].standing, Standing::kGone);
  EXPECT_TRUE(lines[0].before);
  EXPECT_FALSE(lines[0].after);
  EXPECT_EQ(lines[1].standing, Standing::kNew);
  EXPECT_EQ(lines[1].measure, Measure::kRate);
  EXPECT_DOUBLE_EQ(*lines[1].after, 0.5);
  EXPECT_TRUE(std::isnan(lines[1].adjusted)) << "nothing was tested";
}

TEST(Compare, RatesArePairedBySampleAndLeaveOutWhatNobodyJudged) {
  Logged before, after;
  for (int i = 0; i < 40; ++i) {
    before.AddAnswer(std::to_string(i), i < 30 ? Outcome::kSucceeded : Outcome::kFailed);
    after.AddAnswer(std::to_string(i), i < 10 ? Outcome::kSucceeded : i < 38 ? Outcome::kFailed : Outcome::kError);
  }
  const ComparedLine line = Only(before, after);
  EXPECT_TRUE(line.paired);
  EXPECT_EQ(line.shared, 38u);
  EXPECT_EQ(line.label, "member");
  EXPECT_EQ(line.judge, "verbatim");
  EXPECT_FALSE(line.uncalibrated);
  EXPECT_NEAR(*line.change, 10.0 / 38 - 30.0 / 38, 1e-12);
  EXPECT_LT(line.interval->upper, 0);
  EXPECT_EQ(Reading(line), "fell");
}

TEST(Compare, RatesOfOtherSamplesStandOnTheirOwn) {
  Logged before, after;
  for (int i = 0; i < 40; ++i) {
    before.AddAnswer("b" + std::to_string(i), i < 20 ? Outcome::kSucceeded : Outcome::kFailed);
    after.AddAnswer("a" + std::to_string(i), i < 22 ? Outcome::kSucceeded : Outcome::kFailed);
  }
  const ComparedLine line = Only(before, after);
  EXPECT_FALSE(line.paired);
  EXPECT_NEAR(*line.change, 0.05, 1e-12);
  EXPECT_TRUE(line.interval->Holds(0));
  EXPECT_EQ(Reading(line), "no change shown");
}

TEST(Compare, AJudgeThatWasNeverCalibratedIsMarked) {
  Logged before, after;
  before.AddAnswer("a", Outcome::kUnjudged);
  after.AddAnswer("a", Outcome::kUnjudged);
  before.judges_ = after.judges_ = SeatJudges(std::vector<std::string>{"refusal"}, {}).value();
  const ComparedLine line = Only(before, after);
  EXPECT_TRUE(line.uncalibrated);
  EXPECT_FALSE(line.change);
  EXPECT_EQ(Reading(line), "too few");
}

TEST(Compare, NumbersArePairedByTheirSample) {
  Logged before, after;
  for (int i = 0; i < 12; ++i) {
    before.AddNumber(std::to_string(i), i);
    after.AddNumber(std::to_string(i), i + 2 + 0.01 * i);
  }
  const ComparedLine line = Only(before, after);
  EXPECT_EQ(line.measure, Measure::kNumber);
  EXPECT_EQ(line.label, "planted");
  EXPECT_NEAR(*line.change, 2.055, 1e-9);
  EXPECT_GT(line.interval->lower, 2);
  EXPECT_EQ(Reading(line), "rose");
}

// Ten campaigns with nothing to find, in one: a raw 0.04 is no finding any more.
TEST(Compare, AdjustsOverAllLines) {
  Logged before = Scores(1), after = Scores(1.02);
  before.subjects_.push_back({"other", nullptr, nullptr, "", ""});
  for (int i = 0; i < 12; ++i) {
    before.AddAnswer("s" + std::to_string(i), Outcome::kFailed);
    after.AddAnswer("s" + std::to_string(i), i < 6 ? Outcome::kSucceeded : Outcome::kFailed);
  }
  const auto lines = Compare(before.logged(), after.logged()).value();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NEAR(lines[1].adjusted, std::min(1.0, 2 * lines[1].probability), 1e-12);
  EXPECT_GE(lines[0].adjusted, lines[0].probability);
}

}  // namespace
}  // namespace ringfort::campaign
