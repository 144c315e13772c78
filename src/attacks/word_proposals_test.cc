#include "attacks/word_proposals.h"

#include <gtest/gtest.h>

#include <set>

namespace ringfort::attacks {
namespace {

const std::vector<std::string> kBackground = {"the cat sat on the mat.", "The dog sat on the floor.",
                                              "a bird sat in the tree, and the dog ran."};

// How many whitespace-separated words differ.
std::size_t Differences(const std::string& a, const std::string& b) {
  std::size_t count = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const std::size_t i_end = std::min(a.find(' ', i), a.size()), j_end = std::min(b.find(' ', j), b.size());
    count += a.substr(i, i_end - i) != b.substr(j, j_end - j);
    i = i_end + 1;
    j = j_end + 1;
  }
  return count;
}

TEST(WordProposals, ReplacesEverySoManyWords) {
  const WordProposals proposals(kBackground);
  const std::string text = "The dog sat. The cat sat on the floor.";
  const auto words = [](const std::string& from) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i <= from.size();) {
      const std::size_t end = std::min(from.find(' ', i), from.size());
      list.push_back(from.substr(i, end - i));
      i = end + 1;
    }
    return list;
  };
  const auto before = words(text), after = words(proposals.ReplaceEvery(text, 12, 2, 3));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i)  // of "The cat sat on the floor." the second, fourth and sixth
    EXPECT_EQ(after[i] != before[i], i == 4 || i == 6 || i == 8) << i << " " << after[i];
  EXPECT_EQ(after[8].back(), '.');
  EXPECT_EQ(proposals.ReplaceEvery(text, text.size(), 1, 3), text);
  EXPECT_EQ(WordProposals({}).ReplaceEvery(text, 0, 1, 3), text);
  EXPECT_EQ(proposals.ReplaceEvery(text, 0, 3, 5), proposals.ReplaceEvery(text, 0, 3, 5));
}

TEST(WordProposals, ChangesAsManyWordsAsAskedAndKeepsPunctuationAndCase) {
  const WordProposals proposals(kBackground);
  const std::string text = "The cat sat on the floor.";
  const auto neighbors = proposals.Neighbors(text, 20, 1, 7);
  ASSERT_EQ(neighbors.size(), 20u);
  std::set<std::string> different(neighbors.begin(), neighbors.end());
  EXPECT_EQ(different.size(), neighbors.size());
  for (const std::string& neighbor : neighbors) {
    EXPECT_EQ(Differences(text, neighbor), 1u) << neighbor;
    EXPECT_EQ(neighbor.back(), '.') << neighbor;
    EXPECT_TRUE(neighbor[0] >= 'A' && neighbor[0] <= 'Z') << neighbor;
  }
  for (const std::string& neighbor : proposals.Neighbors(text, 20, 3, 7)) EXPECT_LE(Differences(text, neighbor), 3u);
}

// "dog" follows "the" and leads "sat" in the background: it fits there best by far.
TEST(WordProposals, PrefersWhatFitsBetweenItsNeighbors) {
  const WordProposals proposals(kBackground);
  std::size_t dogs = 0, cats = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    for (const std::string& neighbor : proposals.Neighbors("the wolf sat", 1, 1, seed)) {
      dogs += neighbor == "the dog sat";
      cats += neighbor == "the floor sat";
    }
  EXPECT_GT(dogs, 5 * (cats + 1));
}

TEST(WordProposals, TheSameSeedGivesTheSameTexts) {
  const WordProposals proposals(kBackground);
  EXPECT_EQ(proposals.Neighbors("the cat sat", 9, 1, 3), proposals.Neighbors("the cat sat", 9, 1, 3));
  EXPECT_NE(proposals.Neighbors("the cat sat", 9, 1, 3), proposals.Neighbors("the cat sat", 9, 1, 4));
}

TEST(WordProposals, SaysNothingWhereThereIsNothingToSay) {
  EXPECT_TRUE(WordProposals({}).Neighbors("the cat", 5, 1, 1).empty());
  const WordProposals proposals(kBackground);
  EXPECT_TRUE(proposals.Neighbors("", 5, 1, 1).empty());
  EXPECT_TRUE(proposals.Neighbors(" ... !!", 5, 1, 1).empty());
  EXPECT_TRUE(proposals.Neighbors("cat", 0, 1, 1).empty());
  const std::string hostile("\xff\x00 \xc3 the", 8);
  for (const std::string& neighbor : proposals.Neighbors(hostile, 5, 2, 1)) EXPECT_NE(neighbor, hostile);
}

}  // namespace
}  // namespace ringfort::attacks
