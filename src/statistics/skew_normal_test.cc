#include "statistics/skew_normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

TEST(SkewNormal, WithoutShapeIsNormal) {
  const SkewNormal normal{10, 2, 0};
  EXPECT_NEAR(normal.LogDistribution(10), std::log(0.5), 1e-9);
  EXPECT_NEAR(normal.LogDistribution(8), std::log(0.15865525393145705), 1e-9);
  EXPECT_NEAR(normal.LogDistribution(14), std::log(0.9772498680518208), 1e-9);
  // P(Z <= -40) = 3.6559e-350, which no double holds.
  EXPECT_NEAR(normal.LogDistribution(-70), -804.608442, 1e-5);
}

// P(X <= x; shape) + P(X <= -x; -shape) = 1, across the two ways it is computed.
TEST(SkewNormal, MirrorsItself) {
  for (const double shape : {-5.0, -1.0, 0.3, 2.0, 8.0})
    for (double x = 0.01; x < 4; x += 0.37) {
      const SkewNormal right{0, 1, shape}, left{0, 1, -shape};
      EXPECT_NEAR(std::exp(right.LogDistribution(x)) + std::exp(left.LogDistribution(-x)), 1, 1e-8)
          << shape << ' ' << x;
    }
}

TEST(SkewNormal, AtZeroIsAnAngle) {
  // P(X <= 0) = 1/2 - arctan(shape) / pi.
  for (const double shape : {-3.0, -0.5, 0.0, 1.0, 6.0})
    EXPECT_NEAR(std::exp(SkewNormal{0, 1, shape}.LogDistribution(0)), 0.5 - std::atan(shape) / M_PI, 1e-8);
}

TEST(SkewNormal, NeverFalls) {
  for (const double shape : {-4.0, 0.0, 4.0}) {
    double last = -1e300;
    for (double x = -12; x < 12; x += 0.1) {
      const double now = SkewNormal{1, 1.5, shape}.LogDistribution(x);
      EXPECT_GE(now, last - 1e-9);
      EXPECT_LE(now, 1e-12);
      last = now;
    }
  }
}

// If delta = shape / sqrt(1 + shape^2), then delta |A| + sqrt(1 - delta^2) B is skew-normal.
TEST(FitSkewNormal, FindsWhatWasDrawn) {
  Random random(11);
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(2 * M_PI * random.Uniform());
  };
  const double delta = 3 / std::sqrt(10.0);
  std::vector<double> sample(40'000);
  for (double& value : sample) value = 5 + 2 * (delta * std::abs(normal()) + std::sqrt(1 - delta * delta) * normal());
  const SkewNormal fitted = FitSkewNormal(sample).value();
  EXPECT_NEAR(fitted.location, 5, 0.15);
  EXPECT_NEAR(fitted.scale, 2, 0.1);
  EXPECT_NEAR(fitted.shape, 3, 0.5);
  EXPECT_NEAR(std::exp(fitted.LogDistribution(Quantile(sample, 0.1))), 0.1, 0.01);
}

TEST(FitSkewNormal, RefusesWhatFitsNothing) {
  EXPECT_FALSE(FitSkewNormal(std::vector<double>{1, 2}).ok());
  EXPECT_FALSE(FitSkewNormal(std::vector<double>{2, 2, 2}).ok());
  EXPECT_FALSE(FitSkewNormal(std::vector<double>{0, 1, INFINITY}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
