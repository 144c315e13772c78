#include "statistics/beta_posterior.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

TEST(BetaPosterior, HasTheMomentsOfTheBook) {
  const BetaPosterior belief = BetaPosterior::Create(2, 6).value();
  EXPECT_DOUBLE_EQ(belief.mean(), 0.25);
  EXPECT_DOUBLE_EQ(belief.variance(), 12.0 / (64 * 9));
  EXPECT_DOUBLE_EQ(belief.weight(), 8);
  EXPECT_DOUBLE_EQ(BetaPosterior().variance(), 1.0 / 12);
}

TEST(BetaPosterior, LearnsInAnyOrder) {
  const BetaPosterior prior = BetaPosterior::FromMean(0.2, 5).value();
  const BetaPosterior once = prior.Updated(3, 4).value();
  const BetaPosterior twice = prior.Updated(0, 4).value().Updated(3, 0).value();
  EXPECT_EQ(once.alpha(), twice.alpha());
  EXPECT_EQ(once.beta(), twice.beta());
  EXPECT_DOUBLE_EQ(once.weight(), 12);
  EXPECT_DOUBLE_EQ(once.mean(), 4.0 / 12);
}

TEST(BetaPosterior, QuantilesOfClosedForms) {
  // Beta(a, 1) has the distribution x^a.
  const BetaPosterior power = BetaPosterior::Create(3, 1).value();
  for (const double p : {0.001, 0.025, 0.5, 0.9, 0.9999}) EXPECT_NEAR(power.Quantile(p), std::cbrt(p), 1e-12);
  EXPECT_NEAR(BetaPosterior().Quantile(0.3), 0.3, 1e-12);
}

TEST(BetaPosterior, QuantileInvertsTheDistribution) {
  for (const double alpha : {0.3, 1.0, 7.5, 400.0})
    for (const double beta : {0.5, 2.0, 90.0}) {
      const BetaPosterior belief = BetaPosterior::Create(alpha, beta).value();
      for (const double p : {0.01, 0.2, 0.5, 0.975}) EXPECT_NEAR(belief.Distribution(belief.Quantile(p)), p, 1e-9);
      EXPECT_NEAR(belief.CredibleInterval(0.9).lower, belief.Quantile(0.05), 1e-15);
    }
}

TEST(BetaPosterior, GivesTheEndsOfTheExactInterval) {
  const Interval exact = ClopperPearsonInterval(3, 100).value();
  EXPECT_NEAR(BetaPosterior::Create(3, 98).value().Quantile(0.025), exact.lower, 1e-12);
  EXPECT_NEAR(BetaPosterior::Create(4, 97).value().Quantile(0.975), exact.upper, 1e-12);
}

TEST(BetaPosterior, RefusesWhatIsNoBelief) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    EXPECT_FALSE(BetaPosterior::Create(bad, 1).ok());
    EXPECT_FALSE(BetaPosterior::Create(1, bad).ok());
    EXPECT_FALSE(BetaPosterior::FromMean(0.5, bad).ok());
  }
  for (const double bad : {0.0, 1.0, nan}) EXPECT_FALSE(BetaPosterior::FromMean(bad, 3).ok());
  for (const double bad : {-1.0, nan, infinity}) EXPECT_FALSE(BetaPosterior().Updated(bad, 0).ok());
}

}  // namespace
}  // namespace ringfort::statistics
