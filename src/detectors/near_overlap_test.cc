#include "detectors/near_overlap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "detectors/words.h"

namespace ringfort::detectors {
namespace {

using Row = std::vector<std::uint32_t>;

std::size_t WholeTable(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0)
        table[i][j] = i + j;
      else
        table[i][j] =
            std::min({table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), table[i - 1][j] + 1, table[i][j - 1] + 1});
    }
  return table[a.size()][b.size()];
}

Row Draw(Random& random, std::size_t most) {
  Row row(random.Below(most + 1));
  for (std::uint32_t& number : row) number = static_cast<std::uint32_t>(random.Below(3));
  return row;
}

TEST(NearOverlap, FollowsTheExampleOfItsHeader) {
  EXPECT_NEAR(NearOverlapScore("well he said the quick red fox jumps and left", "the quick brown fox jumps"), .8,
              1e-15);
}

TEST(NearOverlap, BandedDistanceIsThatOfTheWholeTable) {
  Random random(12);
  for (int round = 0; round < 500; ++round) {
    const Row a = Draw(random, 14), b = Draw(random, 14);
    const std::size_t truth = WholeTable(a, b);
    for (std::size_t limit = 0; limit < 16; ++limit) {
      const auto found = EditDistance(a, b, limit);
      ASSERT_EQ(found.has_value(), truth <= limit) << truth << " " << limit;
      if (found) {
        EXPECT_EQ(*found, truth);
      }
    }
  }
}

TEST(NearOverlap, NearestStretchIsTheBestOfAll) {
  Random random(14);
  for (int round = 0; round < 200; ++round) {
    const Row text = Draw(random, 12), reference = Draw(random, 6);
    std::size_t best = reference.size();
    for (std::size_t begin = 0; begin <= text.size(); ++begin)
      for (std::size_t end = begin; end <= text.size(); ++end)
        best = std::min(best, WholeTable(std::span(text).subspan(begin, end - begin), reference));
    EXPECT_EQ(NearestStretch(text, reference), best);
  }
}

TEST(NearOverlap, BleuByHand) {
  WordNumbers words;
  const Row reference = words.Of("the cat sat on the mat");
  EXPECT_NEAR(BleuScore(reference, reference), 1, 1e-15);
  // 5 of 6 words, 3 of 5 pairs, 2 of 4 triples, 1 of 3 quadruples.
  EXPECT_NEAR(BleuScore(words.Of("the cat sat on a mat"), reference),
              std::pow(5.0 / 6 * 3.0 / 5 * 2.0 / 4 * 1.0 / 3, .25), 1e-12);
  // Half the text: all runs stand in the reference, and the penalty is exp(1 - 6/4).
  EXPECT_NEAR(BleuScore(words.Of("the cat sat on"), reference), std::exp(1 - 1.5), 1e-12);
  // A word said again is not found again.
  EXPECT_EQ(BleuScore(words.Of("the the the the"), reference), 0);
  EXPECT_EQ(BleuScore({}, reference), 0);
}

TEST(NearOverlap, OfNothingIsNothing) {
  EXPECT_EQ(NearOverlapScore("a", ""), 0);
  EXPECT_EQ(NearOverlapScore("", "a b"), 0);
  EXPECT_EQ(NearOverlapScore("x y", "a b"), 0);
  EXPECT_EQ(EditDistance({}, {}, 0), 0u);
}

TEST(NearOverlap, IsBounded) {
  const Row text(300'000, 1), reference(1000, 1);
  EXPECT_EQ(NearestStretch(text, reference), 0u);
  EXPECT_EQ(EditDistance(Row(100'000, 1), Row(100'000, 2), 3), std::nullopt);
}

}  // namespace
}  // namespace ringfort::detectors
