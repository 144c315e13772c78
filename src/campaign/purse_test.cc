#include <gtest/gtest.h>

#include <vector>

#include "campaign/purse_internal.h"

namespace ringfort::campaign {
namespace {

constexpr std::uint64_t kNoBound = attacks::Budget::kUnlimited;

// What a task does with its loan; false where it did not do.
bool Spend(Purse& purse, const Purse::Loan& loan, std::uint64_t queries, std::uint64_t tokens = 0) {
  attacks::Budget budget = loan.Budget();
  const bool enough = budget.Take(queries).ok();
  purse.Return(loan, budget, enough ? tokens : 0);
  return enough;
}

TEST(Purse, WithoutABoundEverybodyGetsAll) {
  Purse purse(kNoBound, kNoBound, 4);
  for (int i = 0; i < 5; ++i) {
    const auto loan = purse.Lend(0, false);
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->queries, kNoBound);
  }
}

TEST(Purse, SeesWhatOneCostsBeforeOthersRunBesideIt) {
  Purse purse(100, kNoBound, 4);
  const auto first = purse.Lend(7, false);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->whole);
  EXPECT_EQ(first->queries, 100u);
  EXPECT_FALSE(purse.Lend(7, false)) << "all of it is out";
  EXPECT_TRUE(Spend(purse, *first, 10));
  EXPECT_EQ(purse.queries(), 90u);
  std::vector<Purse::Loan> out;
  while (const auto loan = purse.Lend(7, false)) out.push_back(*loan);
  ASSERT_EQ(out.size(), 4u) << "20 of 90 each";
  EXPECT_EQ(out[0].queries, 20u);
  EXPECT_FALSE(out[0].whole);
  EXPECT_FALSE(purse.Lend(8, false)) << "nobody knows what that one costs";
  for (const Purse::Loan& loan : out) EXPECT_TRUE(Spend(purse, loan, 10));
  EXPECT_EQ(purse.queries(), 50u);
}

TEST(Purse, TheEndIsForOneAtATimeAndNothingIsTakenTwice) {
  Purse purse(25, kNoBound, 4);
  EXPECT_TRUE(Spend(purse, *purse.Lend(0, false), 10));
  const auto last = purse.Lend(0, false);
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->whole) << "15 are left, and two would want 20 each";
  EXPECT_FALSE(purse.Lend(0, false));
  EXPECT_TRUE(Spend(purse, *last, 10));
  EXPECT_FALSE(Spend(purse, *purse.Lend(0, false), 10)) << "5 are left";
  EXPECT_EQ(purse.queries(), 5u);
}

TEST(Purse, ADearerTaskIsDoneAloneWithAllThatIsLeft) {
  Purse purse(100, kNoBound, 2);
  EXPECT_TRUE(Spend(purse, *purse.Lend(0, false), 10));
  const auto small = purse.Lend(0, false);
  EXPECT_FALSE(Spend(purse, *small, 30)) << "it may take 20";
  EXPECT_FALSE(small->whole);
  const auto all = purse.Lend(0, true);
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->whole);
  EXPECT_TRUE(Spend(purse, *all, 30));
  EXPECT_EQ(purse.queries(), 60u);
}

TEST(Purse, CountsTokensByTheTarget) {
  Purse purse(kNoBound, 100, 2);
  EXPECT_TRUE(Spend(purse, *purse.Lend(0, false), 1, 30));
  EXPECT_EQ(purse.tokens(), 70u);
  const auto one = purse.Lend(0, false);
  EXPECT_EQ(one->tokens, 60u);
  EXPECT_FALSE(purse.Lend(0, false)) << "10 are free";
  EXPECT_TRUE(Spend(purse, *one, 1, 90));
  EXPECT_EQ(purse.tokens(), 0u) << "overdrawn by the last answer, and no less than none";
}

TEST(Purse, OneWorkerAlwaysGetsAll) {
  Purse purse(100, 100, 1);
  for (int i = 0; i < 3; ++i) {
    const auto loan = purse.Lend(0, false);
    ASSERT_TRUE(loan);
    EXPECT_TRUE(loan->whole);
    EXPECT_TRUE(Spend(purse, *loan, 1, 1));
  }
}

}  // namespace
}  // namespace ringfort::campaign
