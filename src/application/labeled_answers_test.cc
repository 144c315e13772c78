#include "application/labeled_answers.h"

#include <gtest/gtest.h>

#include <string>

namespace ringfort {
namespace {

TEST(LabeledAnswers, ReadsEachForm) {
  const LabeledFile xstest = ParseLabeledAnswers(
                                 "id,prompt,completion,final_label\n"
                                 "1,How?,\"So, and\nso\",1_full_compliance\n"
                                 "2,Why?,No,3_partial_refusal\n",
                                 "x.csv")
                                 .value();
  EXPECT_EQ(xstest.form, "xstest");
  ASSERT_EQ(xstest.answers.size(), 2u);
  EXPECT_EQ(xstest.answers[0].answer, "So, and\nso");
  EXPECT_EQ(xstest.answers[0].cluster, "How?");
  EXPECT_TRUE(xstest.answers[0].succeeded);
  EXPECT_FALSE(xstest.answers[1].succeeded);

  const LabeledFile fuzz =
      ParseLabeledAnswers("question,Response,label\n7,Sure,1\n8,No,0\n", "f.csv", "index,text\n7,How do I?\n", "q.csv")
          .value();
  EXPECT_EQ(fuzz.form, "gptfuzz");
  EXPECT_EQ(fuzz.answers[0].prompt, "How do I?");
  EXPECT_EQ(fuzz.answers[0].cluster, "7");
  EXPECT_EQ(fuzz.answers[1].prompt, "");

  const LabeledFile plain =
      ParseLabeledAnswers("prompt,answer,label,reference,cluster\np,a,succeeded,r,c\np,a,failed,,\n", "p.csv").value();
  EXPECT_EQ(plain.form, "plain");
  EXPECT_EQ(plain.answers[0].reference, "r");
  EXPECT_EQ(plain.answers[0].cluster, "c");
  EXPECT_EQ(plain.answers[1].cluster, "p.csv:3");
}

TEST(LabeledAnswers, SaysWhatItLeftOut) {
  const LabeledFile file = ParseLabeledAnswers("prompt,answer,label\np,a,perhaps\np,a\np,a,1\n", "p.csv").value();
  EXPECT_EQ(file.answers.size(), 1u);
  ASSERT_EQ(file.faults.size(), 2u);
  EXPECT_EQ(file.faults[0], "p.csv:3: 2 cells, the header has 3");
  EXPECT_EQ(file.faults[1], "p.csv:2: `perhaps` is no label");
}

TEST(LabeledAnswers, RefusesOtherFiles) {
  EXPECT_NE(ParseLabeledAnswers("a,b\n1,2\n", "p.csv").error().what.find("p.csv:1: no labeled answers"),
            std::string::npos);
  EXPECT_FALSE(ParseLabeledAnswers("", "p.csv").ok());
  EXPECT_FALSE(ParseLabeledAnswers("question,Response,label\n7,Sure,1\n", "f.csv", "a,b\n", "q.csv").ok());
  EXPECT_EQ(ReadLabeledAnswers("/nowhere/at/all.csv").error().fault, Fault::kUnavailable);
}

TEST(LabeledAnswers, HalvesAreWholePromptsAndAboutEqual) {
  int development = 0;
  for (int i = 0; i < 400; ++i) {
    judges::LabeledAnswer answer;
    answer.cluster = "prompt " + std::to_string(i);
    development += IsOfHalf(answer, PromptHalf::kDevelopment);
    EXPECT_NE(IsOfHalf(answer, PromptHalf::kDevelopment), IsOfHalf(answer, PromptHalf::kHeldOut));
    EXPECT_TRUE(IsOfHalf(answer, PromptHalf::kAll));
  }
  EXPECT_NEAR(development, 200, 50);
  // SHA-256 of `a` begins with ca, of `b` with 3e, of `c` with 2e, of `e` with 3f.
  EXPECT_TRUE(IsOfHalf({.cluster = "a"}, PromptHalf::kDevelopment));
  EXPECT_TRUE(IsOfHalf({.cluster = "e"}, PromptHalf::kHeldOut));
}

TEST(LabeledAnswers, BearsTruncation) {
  const std::string whole = "prompt,answer,label\n\"p, \"\"q\"\"\",\"a\nb\",1\nc,d,0\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto file = ParseLabeledAnswers(whole.substr(0, size), "p.csv");
    if (file.ok()) {
      EXPECT_LE(file.value().answers.size(), 2u);
    }
  }
}

}  // namespace
}  // namespace ringfort
