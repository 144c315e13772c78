#include "report/reasoning_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "report/assessment_json.h"
#include "report/reasoning_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json Written(const Reasoning& reasoning) {
  return ParseJson(WriteReasoningJson(reasoning, "newsroom")).value()["reasoning"];
}

TEST(ReasoningJson, EveryNumberStandsBesideItsGround) {
  const Json document = Written(sample::Reason());
  EXPECT_EQ(document["states"].size(), 19u);
  EXPECT_EQ(document["states"][5]["name"], "writer: carries_payload");
  EXPECT_EQ(document["states"][5]["observed"], true);
  EXPECT_EQ(document["states"][4]["probability"],
            (Json{{"value", 0.33}, {"low", 0.3201}, {"high", 0.3501}, {"ground", "measured"}}));
  const Json& transfer = document["steps"][14];
  EXPECT_EQ(transfer["needs"],
            (Json{{{"state", 9}, {"name", "chat: query"}}, {{"state", 10}, {"name", "chat: copied"}}}));
  EXPECT_EQ(transfer["gains"]["name"], "chat: jailbroken");
  EXPECT_EQ(transfer["ground"], "measured");
  EXPECT_EQ(transfer["trials"], 200);
  EXPECT_EQ(document["steps"][9]["ground"], "definition");
  EXPECT_EQ(document["loop_gain"], (Json{{"value", 1.134}, {"ground", "assumed"}}));
  EXPECT_EQ(document["loop"][3]["name"], "writer: backdoored");
  EXPECT_EQ(document["ways"][2]["ground"], "assumed") << "of its weakest step";
  EXPECT_EQ(document["ways"][2]["steps"][1]["gains"]["name"], "corpus: poisoned");
  EXPECT_EQ(document["cuts"][2]["mitigations"], Json::array());
  EXPECT_EQ(document["leakage"][0]["cut"][1]["lever"], "noise");
  EXPECT_EQ(document["defense"]["deploy"].size(), 2u);
}

TEST(ReasoningJson, InfinityIsNullAndAWord) {
  const Json document = Written(sample::Reason());
  EXPECT_TRUE(document["leakage"][1]["bits_per_second"].is_null());
  EXPECT_EQ(document["leakage"][1].at("bits_per_second_word"), "infinite");
  EXPECT_EQ(document["leakage"][1]["seconds_per_bit"], 0);
  EXPECT_EQ(document["leakage"][2].at("seconds_per_bit_word"), "infinite");
  EXPECT_FALSE(document["leakage"][0].contains("bits_per_second_word"));
}

TEST(ReasoningJson, ASecretOfKnownSizeSaysHowLongItLasts) {
  Reasoning reasoning = sample::Reason();
  EXPECT_FALSE(Written(reasoning)["leakage"][0].contains("secret_bits"));
  reasoning.leakage[0].secret_bits = 8192;
  reasoning.leakage[0].seconds_at_least = 4;
  reasoning.leakage[0].cut[0].by = "mitigation.rate_limit";
  const Json path = Written(reasoning)["leakage"][0];
  EXPECT_EQ(path["secret_bits"], 8192);
  EXPECT_EQ(path["seconds_at_least"], 4);
  EXPECT_EQ(path["cut"][0]["by"], "mitigation.rate_limit");
  EXPECT_TRUE(path["cut"][1]["by"].is_null());
}

TEST(ReasoningJson, BrokenReasoningIsStillJson) {
  const Json document = Written(sample::Broken());
  EXPECT_EQ(document["loop_gain"].at("value_word"), "not a number");
  EXPECT_EQ(document["states"][3]["probability"].at("low_word"), "not a number");
  EXPECT_THAT(document["steps"][0]["gains"]["name"].get<std::string>(), HasSubstr("state "));
}

TEST(ReasoningJson, StandsInTheAssessment) {
  EXPECT_TRUE(ParseJson(WriteAssessmentJson(sample::Assess())).value()["reasoning"].is_null());
  const Json document = ParseJson(WriteAssessmentJson(sample::AssessAndReason())).value();
  EXPECT_EQ(document["reasoning"], Written(sample::Reason()));
}

TEST(ReasoningJson, HostileNamesAreValidText) {
  const std::string text = WriteAssessmentJson(sample::HostileAssessment());
  EXPECT_TRUE(IsValidUtf8(text));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_TRUE(ParseJson(text).ok());
}

TEST(ReasoningJson, EmptyHasEveryMember) {
  const Json document = Written({});
  for (const char* key : {"states", "steps", "loop", "ways", "cuts", "leakage"})
    EXPECT_EQ(document[key], Json::array()) << key;
  EXPECT_EQ(document["loop_gain"]["ground"], "definition");
  EXPECT_TRUE(document["defense"].is_null());
}

}  // namespace
}  // namespace ringfort
