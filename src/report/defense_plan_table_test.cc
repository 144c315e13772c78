#include "report/defense_plan_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "report/reasoning_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DefensePlanTable, SaysWhatToDeployAndWhatItBuys) {
  const std::string text = WriteDefensePlan(sample::Reason());
  EXPECT_THAT(text, HasSubstr("  1. deploy Limit the rate of queries (effort 2, latency 0, utility 1): "
                              "0.620 -> 0.310 [assumed]\n"
                              "  2. deploy Filter records before training (effort 2, latency 0, utility 0.5): "
                              "0.310 -> 0.200 [published]\n"));
  EXPECT_THAT(text, HasSubstr("still open: writer: weights, probability 0.200 [assumed], cost 1 [assumed]\n"));
  EXPECT_THAT(text, HasSubstr("0.900       [assumed]    Loading the file runs its payload"));
  EXPECT_THAT(text, HasSubstr("loss, this plan   0.200 [0.150, 0.280] [assumed]"));
  EXPECT_THAT(text, HasSubstr("Not proven best; no portfolio within the budget loses less than 0.190."));
  EXPECT_THAT(text, HasSubstr("   70.0 %  Limit the rate of queries; Filter records before training"));
  EXPECT_THAT(text, HasSubstr("0.600     0.300  [published]"));
}

TEST(DefensePlanTable, SaysSoWhenThereIsNothingToSay) {
  EXPECT_THAT(WriteDefensePlan({}), HasSubstr("No plan"));
  Reasoning reasoning;
  reasoning.defense.emplace();
  reasoning.defense->optimal = true;
  const std::string text = WriteDefensePlan(reasoning);
  EXPECT_THAT(text, HasSubstr("  nothing: no defense within the budget"));
  EXPECT_THAT(text, HasSubstr("still open: no way"));
  EXPECT_THAT(text, HasSubstr("Proven: no portfolio"));
  EXPECT_THAT(text, Not(HasSubstr("Mixed, by chance")));
}

TEST(DefensePlanTable, HostileNamesArePrintable) {
  const Assessment assessment = sample::HostileAssessment();
  const std::string text = WriteDefensePlan(*assessment.reasoning);
  EXPECT_TRUE(IsValidUtf8(text));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(DefensePlanTable, LongListsAreCutAndCounted) {
  Reasoning reasoning = sample::Reason();
  reasoning.defense->open.assign(1000, reasoning.defense->open[0]);
  const std::string text = WriteDefensePlan(reasoning);
  EXPECT_THAT(text, HasSubstr("  and 950 more\n"));
  EXPECT_LT(text.size(), 20'000u);
}

TEST(DefensePlanTable, BrokenNumbersAndIndicesAreNamed) {
  const std::string text = WriteDefensePlan(sample::Broken());
  EXPECT_THAT(text, HasSubstr("0.620 -> not a number [assumed]"));
  EXPECT_THAT(text, HasSubstr("loss, this plan   not a number"));
}

TEST(DefensePlanJson, IsReadBack) {
  const auto parsed = ParseJson(WriteDefensePlanJson(sample::Reason(), "newsroom"));
  ASSERT_TRUE(parsed.ok());
  const Json& document = parsed.value();
  EXPECT_EQ(document["schema"], "ringfort.defense_plan/1");
  EXPECT_EQ(document["target"], "newsroom");
  const Json& plan = document["defense"];
  EXPECT_EQ(plan["budget"], (Json{{"effort", 4.0}, {"latency", 2.0}, {"utility", 2.0}, {"ground", "assumed"}}));
  EXPECT_EQ(plan["deploy"][1]["loss_before"], 0.31);
  EXPECT_EQ(plan["deploy"][1]["loss_after"], 0.2);
  EXPECT_EQ(plan["deploy"][1]["ground"], "published");
  EXPECT_EQ(plan["mixed"][0]["mitigations"].size(), 2u);
  EXPECT_EQ(plan["open"][0]["goal"]["name"], "writer: weights");
  EXPECT_EQ(plan["coverage"][2]["adaptive"], 0.01);
  EXPECT_TRUE(ParseJson(WriteDefensePlanJson({}, "")).value()["defense"].is_null());
}

}  // namespace
}  // namespace ringfort
