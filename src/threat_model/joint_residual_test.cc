#include "threat_model/joint_residual.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace ringfort {
namespace {

using statistics::BetaPosterior;

BetaPosterior Beta(double a, double b) { return BetaPosterior::Create(a, b).value(); }

double Product(const std::vector<BetaPosterior>& residuals) {
  double product = 1;
  for (const BetaPosterior& residual : residuals) product *= residual.mean();
  return product;
}

TEST(JointResidual, TheExampleOfTheHeader) {
  const auto after = UpdateResiduals({Beta(1, 1), Beta(1, 1)}, {{{0, 1}, 0, 10}});
  EXPECT_NEAR(after[0].mean(), std::sqrt(1.0 / 18), 1e-12);
  EXPECT_NEAR(after[1].mean(), std::sqrt(1.0 / 18), 1e-12);
}

TEST(JointResidual, OfOneItIsTheUsualUpdate) {
  const auto after = UpdateResiduals({Beta(1, 3), Beta(2, 2)}, {{{0}, 5, 15}});
  EXPECT_DOUBLE_EQ(after[0].alpha(), 6);
  EXPECT_DOUBLE_EQ(after[0].beta(), 18);
  EXPECT_DOUBLE_EQ(after[1].alpha(), 2) << "the other was not tried";
  // Beside one that is known for certain, as good as alone.
  const auto beside = UpdateResiduals({Beta(1, 3), Beta(1e12, 1)}, {{{0, 1}, 5, 15}});
  EXPECT_NEAR(beside[0].alpha(), 6, 1e-6);
  EXPECT_NEAR(beside[0].beta(), 18, 1e-6);
}

TEST(JointResidual, WhoIsKnownWellStays) {
  const auto after = UpdateResiduals({Beta(1, 1), Beta(500, 500)}, {{{0, 1}, 0, 40}});
  EXPECT_LT(after[0].mean(), 0.1);
  EXPECT_NEAR(after[1].mean(), 0.5, 0.01);
  EXPECT_GE(after[1].weight(), 1000) << "nothing is forgotten";
}

TEST(JointResidual, NothingTriedChangesNothing) {
  const auto after = UpdateResiduals({Beta(1, 3), Beta(2, 2)}, {{{0, 1}, 0, 0}});
  EXPECT_EQ(after[0].alpha(), 1);
  EXPECT_EQ(after[1].beta(), 2);
}

TEST(JointResidual, NeitherOrderNorPortionsMatter) {
  const std::vector<BetaPosterior> before = {Beta(1, 3), Beta(2, 2), Beta(3, 1)};
  const auto whole = UpdateResiduals(before, {{{0}, 1, 4}, {{0, 1}, 3, 9}, {{1, 2}, 2, 8}, {{0, 1, 2}, 0, 5}});
  const auto parts =
      UpdateResiduals(before, {{{0, 1, 2}, 0, 5}, {{1, 2}, 2, 8}, {{0, 1}, 1, 9}, {{0}, 1, 4}, {{0, 1}, 2, 0}});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(whole[i].alpha(), parts[i].alpha());
    EXPECT_DOUBLE_EQ(whole[i].beta(), parts[i].beta());
  }
}

// The means that the posterior itself has, where both residuals are drawn from their
// priors and weighed by what was seen.
struct Reference {
  double first = 0, second = 0, product = 0;
};
Reference Weigh(const BetaPosterior& a, const BetaPosterior& b, double through, double stopped) {
  std::mt19937_64 random(5);
  const auto draw = [&](const BetaPosterior& belief) {
    const double x = std::gamma_distribution<double>(belief.alpha())(random);
    const double y = std::gamma_distribution<double>(belief.beta())(random);
    return x / (x + y);
  };
  Reference sum;
  double weights = 0;
  const double best = through / (through + stopped);
  const auto log_likelihood = [&](double both) {
    return (through > 0 ? through * std::log(both) : 0) + stopped * std::log1p(-both);
  };
  for (int i = 0; i < 20'000; ++i) {
    const double r1 = draw(a), r2 = draw(b);
    const double weight = std::exp(log_likelihood(r1 * r2) - log_likelihood(best));
    weights += weight;
    sum.first += weight * r1;
    sum.second += weight * r2;
    sum.product += weight * r1 * r2;
  }
  return {sum.first / weights, sum.second / weights, sum.product / weights};
}

TEST(JointResidual, ComesNearTheWeighedDraws) {
  struct Case {
    BetaPosterior a, b;
    double through, stopped;
  };
  for (const Case& one :
       {Case{Beta(1, 3), Beta(3, 1), 5, 15}, Case{Beta(1, 3), Beta(3, 1), 0, 10}, Case{Beta(2, 2), Beta(2, 2), 12, 8},
        Case{Beta(4, 16), Beta(1, 1), 6, 14}, Case{Beta(3.6, 0.4), Beta(2, 2), 3, 30}}) {
    const Reference reference = Weigh(one.a, one.b, one.through, one.stopped);
    const auto after = UpdateResiduals({one.a, one.b}, {{{0, 1}, one.through, one.stopped}});
    EXPECT_NEAR(Product(after), reference.product, 0.01);
    EXPECT_NEAR(after[0].mean(), reference.first, 0.05);
    EXPECT_NEAR(after[1].mean(), reference.second, 0.05);
  }
}

TEST(JointResidual, AreBeliefsWhateverWasTried) {
  std::mt19937_64 random(9);
  const auto wide = [&](double low, double high) {
    return std::exp(std::uniform_real_distribution(std::log(low), std::log(high))(random));
  };
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<BetaPosterior> before;
    ResidualTries all;
    const std::size_t count = 2 + random() % 12;
    for (std::size_t i = 0; i < count; ++i) {
      before.push_back(Beta(wide(1e-3, 1e12), wide(1e-3, 1e12)));
      all.mitigations.push_back(i);
    }
    if (random() % 4 != 0) all.through = wide(1, 1e12);
    if (random() % 4 != 0) all.stopped = wide(1e-3, 1e12);
    const auto after = UpdateResiduals(before, {all});
    const bool more = all.through > 0 && all.stopped == 0;
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(std::isfinite(after[i].weight()) && after[i].mean() > 0 && after[i].mean() < 1);
      ASSERT_GE(after[i].weight(), before[i].weight() * (1 - 1e-9));
      if (more) {
        ASSERT_GE(after[i].mean(), std::min(before[i].mean(), 1 - 1e-9) * (1 - 1e-9));
      }
    }
    if (all.through == 0) {
      ASSERT_LE(Product(after), Product(before) * (1 + 1e-9));
    }
  }
}

}  // namespace
}  // namespace ringfort
