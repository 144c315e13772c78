#include "datasets/text_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"

namespace ringfort::datasets {
namespace {

using testing::HasSubstr;

std::vector<std::string> Texts(const TextSet& set) {
  std::vector<std::string> texts;
  for (const TextSample& sample : set.samples) texts.push_back(sample.id + "=" + sample.text);
  return texts;
}

TEST(TextSet, ReadsLinesAndParagraphs) {
  const std::string text = "\nfirst \r\nsecond\n\n \n  third\nfourth";
  EXPECT_THAT(Texts(ParseTextSet(text, "a.txt").value()),
              testing::ElementsAre("2=first", "3=second", "6=third", "7=fourth"));
  EXPECT_THAT(Texts(ParseTextSet(text, "a.txt", TextUnit::kParagraph).value()),
              testing::ElementsAre("2=first \r\nsecond", "6=third\nfourth"));
  EXPECT_TRUE(ParseTextSet("", "a.txt").value().samples.empty());
}

TEST(TextSet, ReadsObjects) {
  const auto set = ParseTextSet(R"({"text":"one","id":"x","label":"member"}

{"text":"two","id":7,"extra":[1]}
{"text":"three"}
{"text":""})",
                                "a.jsonl")
                       .value();
  EXPECT_THAT(Texts(set), testing::ElementsAre("x=one", "7=two", "4=three"));
  EXPECT_EQ(set.samples[0].label, "member");
  EXPECT_EQ(set.samples[0].digest, Sha256Hex(AsBytes(std::string_view("one"))));
}

TEST(TextSet, SaysWhereItIsWrong) {
  const auto refusal = [](std::string_view bytes, const std::string& name) {
    const auto set = ParseTextSet(bytes, name, TextUnit::kLine, {.samples = 3});
    return set.ok() ? std::string("none") : set.error().what;
  };
  EXPECT_THAT(refusal("{\"text\":\"a\"}\n[1]\n", "a.jsonl"), HasSubstr("a.jsonl:2: a line is an object"));
  EXPECT_THAT(refusal("{\"text\":1}", "a.jsonl"), HasSubstr("a.jsonl:1: a line is an object"));
  EXPECT_THAT(refusal("{", "a.jsonl"), HasSubstr("a.jsonl:1: "));
  EXPECT_THAT(refusal("{\"text\":\"a\",\"id\":\"x\"}\n{\"text\":\"b\",\"id\":\"x\"}", "a.jsonl"),
              HasSubstr("a.jsonl:2: the id 'x' is told twice"));
  EXPECT_THAT(refusal("a\n\xFF", "a.txt"), HasSubstr("a.txt:2: bytes that are not UTF-8"));
  EXPECT_THAT(refusal("a\nb\nc\nd", "a.txt"), HasSubstr("more than 3 texts"));
  EXPECT_FALSE(ReadTextSet("/nonesuch/texts.txt").ok());
}

}  // namespace
}  // namespace ringfort::datasets
