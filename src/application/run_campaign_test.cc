#include "application/run_campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "application/campaign_file.h"
#include "application/prepared_campaign_internal.h"
#include "base/json.h"

namespace ringfort {
namespace {

using testing::HasSubstr;

#ifdef RINGFORT_WITH_SQLITE

class RunCampaignTest : public testing::Test {
 protected:
  RunCampaignTest() {
    std::string shape = (std::filesystem::temp_directory_path() / "ringfort-campaign-XXXXXX").string();
    folder_ = mkdtemp(shape.data());
    std::ofstream members(folder_ + "/members.txt"), held_out(folder_ + "/held_out.txt");
    for (int i = 1; i <= 30; ++i) {
      members << "entry " << i * 7919 % 1000 << " of the ledger is " << i * 104729 % 100000 << '\n';
      held_out << "entry " << i * 6101 % 1000 << " of the ledger is " << i * 15485863 % 99991 << '\n';
    }
    std::ofstream(folder_ + "/plan.toml")
        << "attacks = [\"loss\", \"blind_baseline\", \"reference\"]\n[texts]\nmembers = \"members.txt\"\n"
           "held_out = \"held_out.txt\"\n[[target]]\nid = \"known\"\nsource = \"scripted:members.txt\"\n"
           "[[target]]\nid = \"fresh\"\nsource = \"scripted:\"\nreference = \"scripted:members.txt\"\n";
    request_.plan = folder_ + "/plan.toml";
    request_.store = folder_ + "/evidence.db";
  }
  ~RunCampaignTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  CampaignRequest request_;
};

TEST_F(RunCampaignTest, GoesFromPlanToSummary) {
  const auto planned = PlanCampaign(request_);
  ASSERT_TRUE(planned.ok()) << planned.error().what;
  EXPECT_EQ(planned.value().summary.listed, 60u * (2 + 1 + 1)) << "the blind baseline once for both targets";
  EXPECT_FALSE(std::filesystem::exists(request_.store));
  EXPECT_FALSE(SummarizeCampaign(request_).ok());

  const auto ran = RunCampaign(request_, nullptr);
  ASSERT_TRUE(ran.ok()) << ran.error().what;
  EXPECT_EQ(ran.value().run.made, ran.value().summary.listed);
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("  leaks"));
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("the target has no `reference` model"));

  const auto told = SummarizeCampaign(request_);
  ASSERT_TRUE(told.ok());
  const Json json = ParseJson(WriteCampaignJson(told.value())).value();
  EXPECT_EQ(json["schema"].get<std::string>(), "ringfort.campaign/1");
  ASSERT_EQ(json["membership"].size(), 4u);
  for (const Json& result : json["membership"]) {
    const std::string target = result["target"].is_null() ? "" : result["target"].get<std::string>();
    const std::string reading = result["reading"].get<std::string>();
    if (target == "known" && result["attack"].get<std::string>() == "loss") {
      EXPECT_EQ(reading, "leaks");
    }
    if (target == "fresh" && result["attack"].get<std::string>() == "loss") {
      EXPECT_EQ(reading, "no leak shown");
    }
  }
}

TEST_F(RunCampaignTest, SeveralWorkersSayWhatOneSays) {
  const auto alone = RunCampaign(request_, nullptr);
  ASSERT_TRUE(alone.ok()) << alone.error().what;
  request_.store = folder_ + "/together.db";
  request_.jobs = 3;
  const auto together = RunCampaign(request_, nullptr);
  ASSERT_TRUE(together.ok()) << together.error().what;
  EXPECT_THAT(together.value().remarks, testing::IsEmpty());
  EXPECT_EQ(WriteCampaignJson(together.value()), WriteCampaignJson(alone.value()));
}

TEST_F(RunCampaignTest, ATargetThatCannotBeOpenedTwiceIsLeftToOne) {
  const auto prepared = PrepareCampaign(ReadCampaignPlan(request_.plan).value(), {});
  ASSERT_TRUE(prepared.ok()) << prepared.error().what;
  const FurtherWorkers all = OpenForFurtherWorkers(prepared.value(), {}, 3);
  EXPECT_EQ(all.subjects.size(), 2u);
  EXPECT_THAT(all.remarks, testing::IsEmpty());
  std::filesystem::remove(folder_ + "/members.txt");
  const FurtherWorkers none = OpenForFurtherWorkers(prepared.value(), {}, 3);
  EXPECT_THAT(none.subjects, testing::IsEmpty()) << "the reference of the second target is gone, too";
  ASSERT_EQ(none.remarks.size(), 2u);
  EXPECT_THAT(none.remarks[0], testing::StartsWith("target known: 1 of 3 workers can ask it: "));
  std::ofstream(folder_ + "/members.txt") << "another text\nand one more\n";
  const FurtherWorkers others = OpenForFurtherWorkers(prepared.value(), {}, 2);
  ASSERT_EQ(others.remarks.size(), 2u);
  EXPECT_THAT(others.remarks[0], HasSubstr("has become another model meanwhile"));
}

TEST_F(RunCampaignTest, NeverSaysLeaksOfSetsThatDiffer) {
  std::ofstream held_out(folder_ + "/held_out.txt");
  for (int i = 1; i <= 30; ++i) held_out << i << '\n';
  held_out.close();
  const auto ran = RunCampaign(request_, nullptr);
  ASSERT_TRUE(ran.ok()) << ran.error().what;
  EXPECT_THAT(WriteCampaignTable(ran.value()), testing::Not(HasSubstr("  leaks")));
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("by length alone: AUROC 1.000"));
  EXPECT_TRUE(ParseJson(WriteCampaignJson(ran.value())).value()["sets_differ"].get<bool>());
}

// Noise of 50 nats a token leaves nothing to read; rounding to three decimals leaves all.
TEST_F(RunCampaignTest, TellsWhatADefenseChanges) {
  std::ofstream(folder_ + "/plan.toml")
      << "attacks = [\"loss\", \"blind_baseline\"]\ndefenses = [\"noisy_answers\", \"rounded_answers\"]\n"
         "[settings.noisy_answers]\ndeviation = 50\n[settings.rounded_answers]\ndecimals = 3\n"
         "[texts]\nmembers = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
         "[[target]]\nid = \"known\"\nsource = \"scripted:members.txt\"\n";
  const auto ran = RunCampaign(request_, nullptr);
  ASSERT_TRUE(ran.ok()) << ran.error().what;
  EXPECT_EQ(ran.value().summary.listed, 60u * (3 + 1)) << "the blind baseline asks nobody, so it is tried once";
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("Behind a defense"));
  int defended = 0;
  for (const campaign::MembershipResult& result : ran.value().summary.membership) {
    if (result.defense.empty()) {
      EXPECT_FALSE(result.above_undefended);
      continue;
    }
    ++defended;
    ASSERT_TRUE(result.above_undefended) << result.defense;
    if (result.defense == "noisy_answers") {
      EXPECT_LT(result.above_undefended_interval.upper, 0);
    } else {
      EXPECT_NEAR(*result.above_undefended, 0, 0.01);
    }
  }
  EXPECT_EQ(defended, 2);
  const Json json = ParseJson(WriteCampaignJson(ran.value())).value();
  EXPECT_EQ(json["membership"][2]["defense"].get<std::string>(), "noisy_answers");
}

// An attacker who averages over openings sees through noise that hides the loss.
TEST_F(RunCampaignTest, BelievesTheStrongerAttacker) {
  std::ofstream(folder_ + "/plan.toml")
      << "attacks = [\"loss\", \"blind_baseline\"]\ndefenses = [\"noisy_answers\"]\nadaptive = true\n"
         "[settings.noisy_answers]\ndeviation = 12\n[settings.averaged_loss]\nquestions = 64\n"
         "[texts]\nmembers = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
         "[[target]]\nid = \"known\"\nsource = \"scripted:members.txt\"\n";
  const auto ran = RunCampaign(request_, nullptr);
  ASSERT_TRUE(ran.ok()) << ran.error().what;
  ASSERT_EQ(ran.value().believed.size(), 1u);
  const campaign::BelievedLine& line = ran.value().believed[0];
  EXPECT_EQ(line.defense, "noisy_answers");
  ASSERT_TRUE(line.naive && line.adaptive && line.bare);
  EXPECT_EQ(line.naive->attack, "loss");
  EXPECT_EQ(line.adaptive->attack, "averaged_loss");
  EXPECT_GT(line.adaptive->value, line.naive->value + 0.1);
  EXPECT_EQ(line.believed().attack, "averaged_loss");
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("by averaged_loss, who knows of it"));
  const Json json = ParseJson(WriteCampaignJson(ran.value())).value();
  EXPECT_EQ(json["believed"][0]["believe"].get<std::string>(), "knowing");
}

// Each member 64 times in the training data, so that greedy answers follow them. A judge
// is exchanged without a single question.
TEST_F(RunCampaignTest, JudgesWhatTheLogHoldsAndMarksWhatIsNotCalibrated) {
  std::ofstream known(folder_ + "/known.txt"), members(folder_ + "/members.txt"), held_out(folder_ + "/held_out.txt");
  for (int i = 1; i <= 12; ++i) {
    std::string text[2];
    for (int side = 0; side < 2; ++side)
      for (int letter = 0; letter < 40; ++letter)
        text[side] += static_cast<char>('a' + (i * 7919 + side * 104729 + letter * letter * 31 * i) % 26);
    members << text[0] << '\n';
    held_out << text[1] << '\n';
    for (int copy = 0; copy < 64; ++copy) known << text[0] << '\n';
  }
  known.close(), members.close(), held_out.close();
  std::ofstream(folder_ + "/c.json")
      << R"({"schema": "ringfort.judge_calibration/1", "judges": [{"name": "overlap", "version": "1", "method": "x",)"
         R"( "found": 95, "missed": 5, "passed": 98, "false_alarms": 2}]})";
  const auto plan = [&](const std::string& judges) {
    std::ofstream(folder_ + "/plan.toml")
        << "attacks = [\"discoverable_memorization\"]\n" + judges +
               "[settings.discoverable_memorization]\nprefix = 20\nsuffix = 20\n[texts]\n"
               "members = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
               "[[target]]\nid = \"known\"\nsource = \"scripted:known.txt\"\n";
  };
  plan("");
  const auto ran = RunCampaign(request_, nullptr);
  ASSERT_TRUE(ran.ok()) << ran.error().what;
  ASSERT_EQ(ran.value().summary.success.size(), 2u);
  EXPECT_EQ(ran.value().summary.success[0].label, "member");
  EXPECT_GT(ran.value().summary.success[0].rate, 0.9);
  EXPECT_EQ(ran.value().summary.success[1].succeeded, 0u);
  EXPECT_THAT(WriteCampaignTable(ran.value()), HasSubstr("by definition"));
  plan("judges = [\"overlap\", \"refusal\"]\ncalibration = \"c.json\"\n");
  const auto judged = SummarizeCampaign(request_);
  ASSERT_TRUE(judged.ok()) << judged.error().what;
  EXPECT_EQ(judged.value().summary.made, 24u);
  EXPECT_THAT(WriteCampaignTable(judged.value()), HasSubstr("uncalibrated"));
  const Json json = ParseJson(WriteCampaignJson(judged.value())).value();
  ASSERT_EQ(json["success"].size(), 4u);
  EXPECT_EQ(json["success"][0]["judge"].get<std::string>(), "overlap");
  EXPECT_EQ(json["success"][0]["calibration"].get<std::string>(), "measured");
  EXPECT_TRUE(json["success"][0]["corrected"].is_object());
  EXPECT_EQ(json["success"][1]["calibration"].get<std::string>(), "uncalibrated");
  EXPECT_TRUE(json["success"][1]["corrected"].is_null());
}

TEST_F(RunCampaignTest, ResumesOnlyWhatWasBegun) {
  request_.resume = true;
  const auto nothing = RunCampaign(request_, nullptr);
  ASSERT_FALSE(nothing.ok());
  EXPECT_THAT(nothing.error().what, HasSubstr("nothing to resume"));
  request_.resume = false;
  ASSERT_TRUE(RunCampaign(request_, nullptr).ok());
  request_.resume = true;
  const auto again = RunCampaign(request_, nullptr);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().run.made, 0u);
  EXPECT_EQ(again.value().run.missing(), 0u);
}

TEST_F(RunCampaignTest, NamesTheTargetThatCannotBeOpened) {
  std::ofstream(folder_ + "/plan.toml", std::ios::app)
      << "[[target]]\nid = \"gone\"\nsource = \"scripted:absent.txt\"\n";
  const auto planned = PlanCampaign(request_);
  ASSERT_FALSE(planned.ok());
  EXPECT_THAT(planned.error().what, HasSubstr("target gone: "));
}

#endif

TEST(DefenseTable, ListsEveryDefense) {
  EXPECT_THAT(WriteDefenseTable(), HasSubstr("rounded_answers"));
  const Json json = ParseJson(WriteDefenseJson()).value();
  ASSERT_GT(json["defenses"].size(), 5u);
  for (const Json& defense : json["defenses"]) EXPECT_FALSE(defense["mitigation"].get<std::string>().empty());
}

TEST(AttackTable, AdaptsToDefensesThatThereAre) {
  const std::string defenses = WriteDefenseTable();
  int adaptive = 0;
  const Json json = ParseJson(WriteAttackJson()).value();
  for (const Json& attack : json["attacks"])
    for (const Json& defense : attack["adapts_to"]) {
      ++adaptive;
      EXPECT_THAT(defenses, HasSubstr(defense.get<std::string>() + " ")) << attack["name"];
    }
  EXPECT_GE(adaptive, 3);
}

TEST(AttackTable, ListsEveryAttackWithWhatItNeeds) {
  EXPECT_THAT(WriteAttackTable(), HasSubstr("min_k_plus_plus"));
  const Json json = ParseJson(WriteAttackJson()).value();
  ASSERT_GT(json["attacks"].size(), 8u);
  for (const Json& attack : json["attacks"]) EXPECT_FALSE(attack["reference"].get<std::string>().empty());
}

}  // namespace
}  // namespace ringfort
