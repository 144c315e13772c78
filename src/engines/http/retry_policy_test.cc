#include "engines/http/retry_policy.h"

#include <gtest/gtest.h>

#include "engines/http/secret.h"
#include "engines/http/spending.h"

namespace ringfort::engines {
namespace {

using std::chrono::milliseconds;

TEST(RetryPolicy, DoublesAndDrawsTheUpperHalf) {
  const RetryPolicy policy{.attempts = 10, .first_wait = milliseconds(100), .longest_wait = milliseconds(1000)};
  Random random(1);
  for (const auto& [attempt, longest] :
       std::vector<std::pair<std::uint32_t, int>>{{1, 100}, {2, 200}, {4, 800}, {5, 1000}, {9, 1000}}) {
    milliseconds least(1 << 30), most(0);
    for (int i = 0; i < 2000; ++i) {
      const auto wait = RetryWait(policy, attempt, std::nullopt, random);
      ASSERT_TRUE(wait);
      least = std::min(least, *wait);
      most = std::max(most, *wait);
    }
    EXPECT_GE(least, milliseconds(longest / 2));
    EXPECT_LE(least, milliseconds(longest / 2 + longest / 20));
    EXPECT_LE(most, milliseconds(longest));
    EXPECT_GE(most, milliseconds(longest - longest / 20));
  }
  EXPECT_FALSE(RetryWait(policy, 10, std::nullopt, random));
}

TEST(RetryPolicy, HeedsTheEndpoint) {
  const RetryPolicy policy;
  Random random(1);
  EXPECT_EQ(RetryWait(policy, 1, milliseconds(5000), random), milliseconds(5000));
  EXPECT_FALSE(RetryWait(policy, 1, milliseconds(30001), random));
  EXPECT_GE(*RetryWait(policy, 1, milliseconds(0), random), milliseconds(125));
  EXPECT_TRUE(MayPass(429) && MayPass(500) && MayPass(503));
  EXPECT_FALSE(MayPass(200) || MayPass(400) || MayPass(401) || MayPass(404) || MayPass(501));
}

TEST(ParseRetryAfter, ReadsSecondsAndDates) {
  constexpr std::time_t kNow = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(ParseRetryAfter("120", kNow), milliseconds(120000));
  EXPECT_EQ(ParseRetryAfter(" 0.5 ", kNow), milliseconds(500));
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:50:37 GMT", kNow), milliseconds(60000));
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:00:00 GMT", kNow), milliseconds(0));
  EXPECT_EQ(ParseRetryAfter("99999999999999999999", kNow), milliseconds(86400000));
  for (const char* wrong : {"", "soon", "-5", "12x", "nan", "inf", "1e999", "Sun, 06 Nov 1994"}) {
    EXPECT_FALSE(ParseRetryAfter(wrong, kNow)) << wrong;
  }
}

TEST(Secret, IsTakenOutWholeAndInPieces) {
  const Secret key("sk-abcdefghijklmnop");
  EXPECT_EQ(key.Redact("key sk-abcdefghijklmnop!"), "key [key]!");
  EXPECT_EQ(key.Redact("begins sk-abcde***, ends ijklmnop."), "begins [key]***, ends [key].");
  EXPECT_EQ(key.Redact("abcdefg is too short a piece"), "abcdefg is too short a piece");
  EXPECT_EQ(Secret().Redact("as it is"), "as it is");
  EXPECT_EQ(Secret("none").Redact("none, not one"), "[key], not one");
  std::string text = "sk-abcdefghijklmnopsk-abcdefghijklmnop";
  key.RedactWhole(text);
  EXPECT_EQ(text, "[key][key]");
}

TEST(Spending, SaysWhatIsLeft) {
  Spending spending({.tokens = 100, .money = 1, .price_in_million = 1000, .price_out_million = 20000});
  EXPECT_TRUE(spending.Allow(60, 40).ok());
  EXPECT_EQ(spending.Allow(60, 41).error().what,
            "the token budget of 100 does not suffice: 0 are used and the next request may take 101");
  spending.Count(40, 40);  // 0.04 + 0.8
  EXPECT_NEAR(spending.money(), 0.84, 1e-12);
  EXPECT_TRUE(spending.Allow(0, 8).ok());
  EXPECT_EQ(spending.Allow(0, 9).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(spending.Allow(0, 9).error().what,
            "the budget of 1 does not suffice: 0.84 are spent and the next request may cost 0.18");
  EXPECT_TRUE(Spending({}).Allow(1 << 30, 1 << 30).ok());
}

}  // namespace
}  // namespace ringfort::engines
