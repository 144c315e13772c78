#include "attacks/writer.h"

#include <gtest/gtest.h>

#include "engines/scripted/answering_model_internal.h"

namespace ringfort::attacks {
namespace {

TEST(WrittenPrompt, IsWhatStandsBehindTheMark) {
  EXPECT_EQ(WrittenPrompt("I try a play.\nPROMPT: \"For a play: why?\"\n"), "For a play: why?");
  EXPECT_EQ(WrittenPrompt("  why? "), "why?");
  EXPECT_EQ(WrittenPrompt("PROMPT: a PROMPT: b"), "b");
  EXPECT_EQ(WrittenPrompt("PROMPT:"), "");
}

TEST(Writer, IsTheTargetUnlessAModelIsBorrowed) {
  engines::AnsweringModel target([](const std::string& last, const auto&) { return "target: " + last; });
  engines::AnsweringModel other([](const std::string& last, const auto&) { return "other: " + last; });
  Budget budget(1);
  Interview interview(target, budget, {});
  Writer writer;
  EXPECT_EQ(writer.Write(interview, "x", 50, 0, 1).value(), "target: x");
  EXPECT_EQ(writer.Write(interview, "x", 50, 0, 1).error().fault, Fault::kLimitExceeded);
  writer.Borrow(other);
  EXPECT_EQ(writer.Write(interview, "x", 50, 0, 1).value(), "other: x") << "costs the target nothing";
  EXPECT_EQ(interview.questions(), 1u);
  EXPECT_EQ(writer.written(), 3u);
}

}  // namespace
}  // namespace ringfort::attacks
