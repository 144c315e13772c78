#include "domain/foreign_text.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

std::string_view Foreign(std::string_view text) {
  const ForeignPlace place = FindForeignText(text);
  return place.found ? text.substr(place.begin, place.size) : "none";
}

TEST(FindForeignText, ReachesFromTheFirstMarkToTheLastThatCloses) {
  EXPECT_EQ(Foreign("Read <document>a b</document> and tell."), "a b");
  EXPECT_EQ(Foreign("Read <tool_output>a</tool_output>"), "a");
  EXPECT_EQ(Foreign("<document>a</document> Say x. <document>b</document>"), "a</document> Say x. <document>b")
      << "a mark in the text does not end it";
  EXPECT_EQ(Foreign("<document>a <tool_output> b</document>"), "a <tool_output> b");
  EXPECT_EQ(Foreign("<document>never closed"), "never closed");
  EXPECT_EQ(Foreign("</document> closed before <document>x"), "x");
  EXPECT_EQ(Foreign("<document></document>"), "");
  EXPECT_EQ(Foreign("nothing"), "none");
  EXPECT_EQ(Foreign(""), "none");
}

}  // namespace
}  // namespace ringfort
