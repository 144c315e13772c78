#include "detectors/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringfort::detectors {
namespace {

using ::testing::ElementsAre;

TEST(Words, FollowTheExampleOfTheirHeader) {
  EXPECT_THAT(WordsOf("I'm sorry, but -- NO."), ElementsAre("i'm", "sorry", "but", "no"));
}

TEST(Words, TakeTypographyAsWritten) {
  EXPECT_THAT(WordsOf("I\u2019m \u201cfine\u201d\u2014really 'so'"), ElementsAre("i'm", "fine", "really", "so"));
  EXPECT_THAT(WordsOf("\u4f60\u597d x2"), ElementsAre("\u4f60\u597d", "x2"));
}

TEST(Words, BearAnyBytes) {
  EXPECT_TRUE(WordsOf("").empty());
  EXPECT_TRUE(WordsOf("''' ,.").empty());
  EXPECT_EQ(WordsOf(std::string("a\0b\xE2\x80", 5)).size(), 2u);
}

TEST(Words, EqualWordsHaveEqualNumbers) {
  WordNumbers numbers;
  EXPECT_THAT(numbers.Of("one two One"), ElementsAre(0, 1, 0));
  EXPECT_THAT(numbers.Of("two three"), ElementsAre(1, 2));
}

}  // namespace
}  // namespace ringfort::detectors
