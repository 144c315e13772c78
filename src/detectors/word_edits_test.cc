#include "detectors/word_edits.h"

#include <gtest/gtest.h>

namespace ringfort::detectors {
namespace {

TEST(WordEdits, CountsTheLeastEdits) {
  EXPECT_EQ(WordEdits("the old dog ran away", "the big dog ran"), 2U);
  EXPECT_EQ(WordEdits("a b c d", "b c d e"), 2U);
  EXPECT_EQ(WordEdits("a b c", "A, b. C!"), 0U);
  EXPECT_EQ(WordEdits("", "a b"), 2U);
  EXPECT_EQ(WordEdits("a b c", "c b a"), 2U);
}

TEST(WordEditShare, IsOfTheLongerText) {
  EXPECT_DOUBLE_EQ(WordEditShare("the old dog ran away", "the big dog ran"), 0.4);
  EXPECT_EQ(WordEditShare("", ""), 0);
  EXPECT_EQ(WordEditShare("", "a"), 1);
  EXPECT_EQ(WordEditShare("a b", "c d"), 1);
}

}  // namespace
}  // namespace ringfort::detectors
