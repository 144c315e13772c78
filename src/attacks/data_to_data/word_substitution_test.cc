#include "attacks/data_to_data/word_substitution.h"

#include <gtest/gtest.h>

#include "detectors/word_edits.h"

namespace ringfort::attacks::data_to_data {
namespace {

const std::vector<std::string> kOthers = {"zig zag", "zoom"};

TEST(SubstituteWords, ReplacesTheShareAndKeepsTheRest) {
  const std::string text = "The old dog, it ran; far away. So be it (now)!";
  const std::string washed = SubstituteWords(text, kOthers, {.share = 0.5});
  EXPECT_EQ(detectors::WordEdits(text, washed), 6U);  // of 11 words
  EXPECT_EQ(washed.back(), '!');
  EXPECT_EQ(SubstituteWords(text, kOthers, {.share = 0.5}), washed);
  EXPECT_NE(SubstituteWords(text, kOthers, {.share = 0.5, .seed = 2}), washed);
  EXPECT_EQ(SubstituteWords(text, kOthers, {.share = 0}), text);
  EXPECT_EQ(detectors::WordEditShare(text, SubstituteWords(text, kOthers, {.share = 1})), 1);
  EXPECT_EQ(SubstituteWords("The", kOthers, {.share = 1})[0], 'Z');
}

TEST(SubstituteWords, BearsNothing) {
  EXPECT_EQ(SubstituteWords("", kOthers, {}), "");
  EXPECT_EQ(SubstituteWords("...", kOthers, {.share = 1}), "...");
  EXPECT_EQ(SubstituteWords("a b", {}, {.share = 1}), "a b");
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
