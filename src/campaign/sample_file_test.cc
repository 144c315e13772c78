#include "campaign/sample_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringfort::campaign {
namespace {

using testing::HasSubstr;

constexpr std::string_view kCanary =
    R"({"id": "pin", "text": "my pin is 5921", "candidates": ["my pin is 0000", "my pin is 1111"], "space": 10000, "label": "16 copies"})";

std::string Refusal(std::string_view line) {
  const auto samples = ParseSamples(line, "s.jsonl");
  return samples.ok() ? "none" : samples.error().what;
}

TEST(SampleFile, ReadsTheExampleOfItsHeader) {
  const auto samples = ParseSamples(std::string(kCanary) + "\n\n{\"text\": \"\"}\n", "s.jsonl");
  ASSERT_TRUE(samples.ok()) << samples.error().what;
  ASSERT_EQ(samples.value().size(), 2u);
  const LabeledSample& canary = samples.value()[0];
  EXPECT_EQ(canary.sample.id, "pin");
  EXPECT_EQ(canary.sample.text, "my pin is 5921");
  EXPECT_THAT(canary.sample.candidates, testing::ElementsAre("my pin is 0000", "my pin is 1111"));
  EXPECT_EQ(canary.sample.space, 10000);
  EXPECT_EQ(canary.label, "16 copies");
  EXPECT_EQ(samples.value()[1].sample.id, "3");
  EXPECT_EQ(samples.value()[1].label, "sample");
}

TEST(SampleFile, ReadsLines) {
  const auto samples = ParseSamples("poem\n\ncompany\n", "words.txt").value();
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[1].sample.text, "company");
}

TEST(SampleFile, ADigestIsOverAllThatIsGiven) {
  const attacks::Sample sample{"a", "text", {"other"}, 0};
  attacks::Sample changed = sample;
  const std::string digest = MakeSample(sample, "x").digest;
  changed.id = "b";
  EXPECT_EQ(MakeSample(changed, "y").digest, digest) << "a name decides nothing";
  changed.space = 2;
  EXPECT_NE(MakeSample(changed, "x").digest, digest);
  changed = sample;
  changed.candidates[0] = "another";
  EXPECT_NE(MakeSample(changed, "x").digest, digest);
  EXPECT_NE(MakeSample(sample, "x", "known").digest, digest);
}

TEST(SampleFile, SaysWhereItIsWrong) {
  EXPECT_EQ(Refusal(""), "s.jsonl holds no sample");
  EXPECT_THAT(Refusal("[]"), HasSubstr("s.jsonl:1: a line is an object with a `text`"));
  EXPECT_THAT(Refusal("{\"text\": 1}"), HasSubstr("a line is an object"));
  EXPECT_THAT(Refusal("{\"text\": \"a\", \"candidates\": \"b\"}"), HasSubstr("`candidates`"));
  EXPECT_THAT(Refusal("{\"text\": \"a\", \"candidates\": [1]}"), HasSubstr("`candidates`"));
  for (const char* space : {"-1", "1.5", "1e19", "\"9\"", "null"})
    EXPECT_THAT(Refusal(std::string("{\"text\": \"a\", \"space\": ") + space + "}"), HasSubstr("`space`")) << space;
  EXPECT_THAT(Refusal("{\"text\": \"a\", \"label\": 7}"), HasSubstr("`label`"));
  EXPECT_THAT(Refusal("{\"text\": \"a\", \"id\": []}"), HasSubstr("`id`"));
  EXPECT_THAT(Refusal("{\"text\": \"a\", \"id\": 1}\n{\"text\": \"b\", \"id\": \"1\"}"),
              HasSubstr("s.jsonl:2: the id '1' is told twice"));
  EXPECT_THAT(Refusal("{\"text\": \"\xff\"}"), HasSubstr("UTF-8"));
}

TEST(SampleFile, KeepsToItsLimits) {
  const std::string two = "{\"text\": \"a\", \"label\": \"1\"}\n{\"text\": \"b\", \"label\": \"2\"}\n";
  EXPECT_TRUE(ParseSamples(two, "s.jsonl", {.samples = 2, .labels = 2}).ok());
  EXPECT_EQ(ParseSamples(two, "s.jsonl", {.samples = 1}).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(ParseSamples(two, "s.jsonl", {.labels = 1}).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(ParseSamples(kCanary, "s.jsonl", {.candidates = 1}).error().fault, Fault::kLimitExceeded);
}

TEST(SampleFile, ACutFileIsReadOrRefused) {
  for (std::size_t length = 0; length <= kCanary.size(); ++length) {
    const auto samples = ParseSamples(kCanary.substr(0, length), "s.jsonl");
    EXPECT_EQ(samples.ok(), length == kCanary.size()) << length;
  }
}

}  // namespace
}  // namespace ringfort::campaign
