#include "statistics/tail_probability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringfort::statistics {
namespace {

// Values computed elsewhere with rational arithmetic.
TEST(BinomialTail, IsExact) {
  EXPECT_NEAR(BinomialTail(75, 200, 0.25), 6.153e-5, 5e-9);
  EXPECT_NEAR(BinomialTail(43, 100, 0.25), 6.424e-5, 5e-9);
  EXPECT_NEAR(BinomialTail(129, 200, 0.5), 2.486e-5, 5e-9);
  EXPECT_EQ(BinomialTail(0, 10, 0.3), 1);
  EXPECT_EQ(BinomialTail(0, 0, 0.3), 1);
  EXPECT_EQ(BinomialTail(11, 10, 0.3), 0);
  EXPECT_NEAR(BinomialTail(10, 10, 0.5), std::pow(0.5, 10), 1e-15);
}

TEST(BinomialTail, IsTheSumOfItsTerms) {
  for (const std::uint64_t trials : {1U, 7U, 60U})
    for (const double share : {0.1, 0.25, 0.9}) {
      double sum = 0;
      for (std::uint64_t k = trials + 1; k-- > 0;) {
        const auto n = static_cast<double>(trials), x = static_cast<double>(k);
        sum += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) + x * std::log(share) +
                        (n - x) * std::log1p(-share));
        EXPECT_NEAR(BinomialTail(k, trials, share), sum, 1e-12 * sum + 1e-300) << k << " of " << trials;
      }
    }
}

TEST(BinomialTail, HoldsFarOut) {
  EXPECT_NEAR(std::log10(BinomialTail(400, 400, 0.25)), 400 * std::log10(0.25), 1e-9);
  EXPECT_EQ(BinomialTail(1000000, 1000000, 0.25), 0);  // 1e-602060
  EXPECT_NEAR(BinomialTail(250000, 1000000, 0.25), 0.5, 1e-3);
}

TEST(GammaTail, IsThePoissonSum) {
  EXPECT_NEAR(GammaTail(3, 6), std::exp(-6.0) * (1 + 6 + 18), 1e-15);
  EXPECT_NEAR(GammaTail(1, 2.5), std::exp(-2.5), 1e-15);
  EXPECT_NEAR(GammaTail(10000, 10000), 0.5, 2e-3);
  EXPECT_EQ(GammaTail(0, 5), 1);
  EXPECT_EQ(GammaTail(5, 0), 1);
  EXPECT_EQ(GammaTail(5, -1), 1);
  EXPECT_EQ(GammaTail(5, std::numeric_limits<double>::infinity()), 0);
  EXPECT_TRUE(std::isnan(GammaTail(5, std::nan(""))));
}

}  // namespace
}  // namespace ringfort::statistics
