#include "attacks/rewriting.h"

#include <gtest/gtest.h>

namespace ringfort::attacks {
namespace {

TEST(MarkOf, IsFromOneToTen) {
  EXPECT_EQ(MarkOf(0), 1);
  EXPECT_EQ(MarkOf(1), 10);
  EXPECT_EQ(MarkOf(0.5), 6);
  EXPECT_EQ(MarkOf(7), 10);
}

TEST(RewritingOrder, TellsWhatWasTriedAndHowItWent) {
  const std::string first = RewritingOrder("the goal", "", "", 1, 0), other = RewritingOrder("the goal", "", "", 1, 1);
  EXPECT_NE(first, other) << "writers try different things";
  EXPECT_EQ(first.find("of 10"), std::string::npos);
  const std::string next = RewritingOrder("the goal", "the last", std::string(5000, 'a'), 3, 0);
  EXPECT_NE(next.find("the last"), std::string::npos);
  EXPECT_NE(next.find("worth 3 of 10"), std::string::npos);
  EXPECT_LT(next.size(), 2000u);
}

TEST(SaysNo, IsTheFirstOfYesAndNo) {
  EXPECT_TRUE(SaysNo("NO."));
  EXPECT_TRUE(SaysNo("I think no, yes"));
  EXPECT_FALSE(SaysNo("Yes, no doubt"));
  EXPECT_FALSE(SaysNo("nothing"));
  EXPECT_FALSE(SaysNo(""));
}

}  // namespace
}  // namespace ringfort::attacks
