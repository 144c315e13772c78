#include "defenses/model_to_data/deduplication.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace ringfort::defenses::model_to_data {
namespace {

using Numbers = std::vector<std::size_t>;

double Similarity(std::string_view a, std::string_view b, std::size_t words) {
  return JaccardSimilarity(RunsOf(a, words), RunsOf(b, words));
}

TEST(JaccardSimilarity, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(Similarity("one two three four five six", "one two three four five seven", 5), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Similarity("One, two THREE", "one two three", 5), 1);
  EXPECT_DOUBLE_EQ(Similarity("a b", "b a", 5), 0);
  EXPECT_DOUBLE_EQ(Similarity("ab c", "a bc", 5), 0);  // words end somewhere
  EXPECT_DOUBLE_EQ(Similarity("", "", 5), 1);
}

TEST(KeptTexts, KeepsTheFirstOfEachAndAllThatDiffer) {
  const std::vector<std::string> texts = {"the same text", "another one", "the same text", "The SAME text!", "", ""};
  EXPECT_EQ(KeptTexts(texts, 1, 5), (Numbers{0, 1, 3, 4}));
  EXPECT_EQ(KeptTexts(texts, 0.8, 5), (Numbers{0, 1, 4}));
  EXPECT_TRUE(KeptTexts({}, 0.8, 5).empty());
}

// Against comparing every pair, on texts with copies of all degrees.
TEST(KeptTexts, DropsWhatComparingAllPairsWouldDrop) {
  Random random(13);
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::string> words;
    for (int w = 0; w < 100; ++w) words.push_back("w" + std::to_string(random.Below(500)));
    for (int copy = 0; copy < 5; ++copy) {
      std::string text;
      for (const std::string& word : words) text += word + " ";
      texts.push_back(text);
      for (int change = 0; change < copy; ++change) words[random.Below(words.size())] = "x";
    }
  }
  for (const double similarity : {0.7, 0.8, 0.9}) {
    Numbers expected;
    std::vector<std::vector<std::uint64_t>> runs;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      runs.push_back(RunsOf(texts[i], 5));
      bool near = false;
      for (const std::size_t other : expected) near = near || JaccardSimilarity(runs[other], runs[i]) >= similarity;
      if (!near) expected.push_back(i);
    }
    EXPECT_EQ(KeptTexts(texts, similarity, 5), expected);
    EXPECT_LT(expected.size(), texts.size());
  }
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
