#include "games/stackelberg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "games/exact_solution.h"

namespace ringfort::games {
namespace {

using testing::ElementsAre;

// The example of Conitzer and Sandholm: the dominated row pays once one can commit to it.
TEST(Stackelberg, CommitmentBeatsTheNashEquilibrium) {
  const std::vector<std::string> leader{"2", "4", "1", "3"};
  const std::vector<std::string> follower{"1", "0", "0", "1"};
  const Commitment commitment = Commit(2, 2, leader, follower).value();
  EXPECT_EQ(commitment.leader_value, "7/2");
  EXPECT_EQ(commitment.follower_value, "1/2");
  EXPECT_THAT(commitment.leader, ElementsAre("1/2", "1/2"));
  EXPECT_EQ(commitment.answer, 1U);
  EXPECT_EQ(commitment.programs, 2U);
}

// A guard of one of two places, worth 1 and 4; then random games.
TEST(Stackelberg, OfAZeroSumGameIsItsValue) {
  const std::vector<std::string> leader{"0", "-1", "-4", "0"};
  const std::vector<std::string> follower{"0", "1", "4", "0"};
  const Commitment commitment = Commit(2, 2, leader, follower).value();
  EXPECT_EQ(commitment.leader_value, "-4/5");
  EXPECT_THAT(commitment.leader, ElementsAre("4/5", "1/5"));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<std::string> payoffs;
    std::vector<std::string> opposite;
    for (int cell = 0; cell < 12; ++cell) {
      const int payoff = static_cast<int>(random.Below(19)) - 9;
      payoffs.push_back(std::to_string(payoff));
      opposite.push_back(std::to_string(-payoff));
    }
    EXPECT_EQ(Commit(3, 4, payoffs, opposite).value().leader_value, SolveExactly(3, 4, payoffs).value().value);
  }
}

// Committing is never worse than any pure commitment, answered best.
TEST(Stackelberg, IsNoWorseThanAPureCommitment) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<int> leader(12);
    std::vector<int> follower(12);
    std::vector<std::string> leader_texts;
    std::vector<std::string> follower_texts;
    for (std::size_t cell = 0; cell < 12; ++cell) {
      leader[cell] = static_cast<int>(random.Below(10));
      follower[cell] = static_cast<int>(random.Below(10));
      leader_texts.push_back(std::to_string(leader[cell]));
      follower_texts.push_back(std::to_string(follower[cell]));
    }
    const Commitment commitment = Commit(4, 3, leader_texts, follower_texts).value();
    double total = 0;
    for (const double probability : commitment.leader_numbers) total += probability;
    EXPECT_NEAR(total, 1, 1e-12);
    for (std::size_t row = 0; row < 4; ++row) {
      std::size_t best = 0;
      for (std::size_t column = 1; column < 3; ++column) {
        const std::size_t cell = 3 * row + column;
        const std::size_t held = 3 * row + best;
        if (follower[cell] > follower[held] || (follower[cell] == follower[held] && leader[cell] > leader[held]))
          best = column;
      }
      EXPECT_GE(commitment.leader_number, leader[3 * row + best] - 1e-12) << seed;
    }
    // The answer is a best one.
    for (std::size_t column = 0; column < 3; ++column) {
      double other = 0;
      for (std::size_t row = 0; row < 4; ++row) other += commitment.leader_numbers[row] * follower[3 * row + column];
      EXPECT_LE(other, commitment.follower_number + 1e-9) << seed;
    }
  }
}

TEST(Stackelberg, RefusesWhatIsNoGame) {
  const std::vector<std::string> one{"1"};
  const std::vector<std::string> word{"one"};
  EXPECT_FALSE(Commit(0, 1, {}, {}).ok());
  EXPECT_FALSE(Commit(1, 1, one, word).ok());
  EXPECT_TRUE(Commit(1, 1, one, one).ok());
}

}  // namespace
}  // namespace ringfort::games
