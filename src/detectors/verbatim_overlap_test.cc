#include "detectors/verbatim_overlap.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"

namespace ringfort::detectors {
namespace {

TEST(VerbatimOverlap, FollowsTheExampleOfItsHeader) {
  const CommonRun run = LongestCommonWords("a b c x b c d", "q b c d e");
  EXPECT_EQ(run.length, 3u);
  EXPECT_EQ(run.text_begin, 4u);
  EXPECT_EQ(run.reference_begin, 1u);
}

TEST(VerbatimOverlap, RunIsTheLongestOfAllPairs) {
  Random random(8);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> text(random.Below(40)), reference(random.Below(40));
    const std::uint64_t letters = 2 + random.Below(3);
    for (auto* numbers : {&text, &reference})
      for (std::uint32_t& number : *numbers) number = static_cast<std::uint32_t>(random.Below(letters));
    std::size_t longest = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
      for (std::size_t j = 0; j < reference.size(); ++j) {
        std::size_t length = 0;
        while (i + length < text.size() && j + length < reference.size() && text[i + length] == reference[j + length])
          ++length;
        longest = std::max(longest, length);
      }
    const CommonRun run = LongestCommonRun(text, reference);
    ASSERT_EQ(run.length, longest);
    for (std::size_t i = 0; i < run.length; ++i)
      EXPECT_EQ(text[run.text_begin + i], reference[run.reference_begin + i]);
  }
}

TEST(VerbatimOverlap, ShareIsThatOfTheWindowsOneByOne) {
  Random random(9);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> text(random.Below(60)), reference(1 + random.Below(30));
    for (auto* numbers : {&text, &reference})
      for (std::uint32_t& number : *numbers) number = static_cast<std::uint32_t>(random.Below(2));
    const std::size_t window = std::min<std::size_t>(1 + random.Below(6), reference.size());
    std::size_t found = 0;
    for (std::size_t i = 0; i + window <= reference.size(); ++i)
      found += std::search(text.begin(), text.end(), reference.begin() + static_cast<std::ptrdiff_t>(i),
                           reference.begin() + static_cast<std::ptrdiff_t>(i + window)) != text.end();
    EXPECT_NEAR(WindowShare(text, reference, window),
                static_cast<double>(found) / static_cast<double>(reference.size() - window + 1), 1e-15);
  }
}

TEST(VerbatimOverlap, ReadsPastCaseAndPunctuation) {
  EXPECT_EQ(VerbatimOverlapScore("He said: THE quick, brown fox!", "the quick brown fox"), 1);
  EXPECT_EQ(VerbatimOverlapScore("the quick red fox", "the quick brown fox"), 0);
  EXPECT_EQ(LongestCommonCharacters("xxhello worldyy", "say hello world").length, 11u);
}

TEST(VerbatimOverlap, CountsWindowsOfFifty) {
  std::string reference, half;
  for (int i = 0; i < 150; ++i) reference += "w" + std::to_string(i) + " ";
  for (int i = 0; i < 75; ++i) half += "w" + std::to_string(i) + " ";
  EXPECT_NEAR(VerbatimOverlapScore(half, reference), 26.0 / 101, 1e-12);
  EXPECT_EQ(VerbatimOverlapScore("w1 w2 w3", reference), 0);
}

TEST(VerbatimOverlap, OfNothingIsNothing) {
  EXPECT_EQ(LongestCommonWords("", "a").length, 0u);
  EXPECT_EQ(LongestCommonWords("a", "").length, 0u);
  EXPECT_EQ(VerbatimOverlapScore("a", ""), 0);
  EXPECT_EQ(VerbatimOverlapScore("", "a"), 0);
}

TEST(VerbatimOverlap, BearsLongRepeats) {
  const std::string many(1 << 16, 'a');
  EXPECT_EQ(LongestCommonCharacters(many, many + "b").length, many.size());
  EXPECT_EQ(LongestCommonCharacters(many, std::string(1 << 16, 'b')).length, 0u);
}

}  // namespace
}  // namespace ringfort::detectors
