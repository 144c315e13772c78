#include "attacks/known_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringfort::attacks {
namespace {

TEST(NearestKnownText, IsTheOneThatIsQuotedAtMostLength) {
  const std::vector<std::string> known = {"of the whale", "call me ishmael some years ago",
                                          "some years ago never mind"};
  const KnownText nearest = NearestKnownText("He said: call me Ishmael. Some years", known);
  EXPECT_EQ(nearest.text, known[1]);
  EXPECT_EQ(nearest.words, 5u);
}

TEST(NearestKnownText, IsTheFirstWhereNothingIsQuoted) {
  const std::vector<std::string> known = {"one two", "three four"};
  EXPECT_EQ(NearestKnownText("five", known).text, "one two");
  EXPECT_EQ(NearestKnownText("five", known).words, 0u);
  EXPECT_EQ(NearestKnownText("", known).text, "one two");
  EXPECT_EQ(NearestKnownText("five", {}).text, "");
}

}  // namespace
}  // namespace ringfort::attacks
