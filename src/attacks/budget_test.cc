#include "attacks/budget.h"

#include <gtest/gtest.h>

namespace ringfort::attacks {
namespace {

TEST(Budget, RefusesMoreThanIsLeftAndTakesNothingThen) {
  Budget budget(3, 10);
  EXPECT_TRUE(budget.Take(2).ok());
  const Status refused = budget.Take(2);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(budget.queries(), 1u);
  budget.SpendTokens(25);
  EXPECT_EQ(budget.tokens(), 0u);
  EXPECT_FALSE(budget.Take(1).ok());
}

TEST(Budget, SaysWhatIsLeft) {
  Budget queries(3);
  EXPECT_EQ(queries.Take(4).error().what, "the budget is spent: 3 queries and unlimited tokens are left");
  Budget tokens(Budget::kUnlimited, 5);
  tokens.SpendTokens(5);
  EXPECT_EQ(tokens.Take().error().what, "the budget is spent: unlimited queries and 0 tokens are left");
}

TEST(Budget, WithoutLimitsIsNeverSpent) {
  Budget budget;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(budget.Take(1'000'000).ok());
  budget.SpendTokens(1'000'000);
  EXPECT_EQ(budget.queries(), Budget::kUnlimited);
  EXPECT_EQ(budget.tokens(), Budget::kUnlimited);
}

}  // namespace
}  // namespace ringfort::attacks
