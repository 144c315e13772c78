#include "statistics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

TEST(Bootstrap, IsTheSameForTheSameSeed) {
  const std::vector<double> sample = {3, 1, 4, 1, 5, 9, 2, 6};
  const Interval one = BootstrapMeanInterval(sample, {500, 0.9, 7}).value();
  const Interval two = BootstrapMeanInterval(sample, {500, 0.9, 7}).value();
  const Interval other = BootstrapMeanInterval(sample, {500, 0.9, 8}).value();
  EXPECT_EQ(one.lower, two.lower);
  EXPECT_EQ(one.upper, two.upper);
  EXPECT_NE(one.lower, other.lower);
  EXPECT_TRUE(one.Holds(Mean(sample)));
}

TEST(Bootstrap, CoversTheMeanAboutAsOftenAsItSays) {
  Random random(11);
  int covered = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> sample(60);
    for (double& value : sample) value = -std::log1p(-random.Uniform());  // mean 1
    if (BootstrapMeanInterval(sample, {400, 0.95, static_cast<std::uint64_t>(trial)}).value().Holds(1)) ++covered;
  }
  EXPECT_GE(covered, 300 * 0.88);
  EXPECT_LE(covered, 300 * 0.99);
}

TEST(Bootstrap, HalvesSpreadAsWideAsTheSample) {
  Random random(12);
  std::vector<double> sample(400);
  for (double& value : sample) value = random.Uniform();
  const std::vector<double> means = HalfSampleValues(sample.size(), [&](std::span<const std::uint32_t> drawn) {
                                      EXPECT_EQ(std::set<std::uint32_t>(drawn.begin(), drawn.end()).size(), 200u);
                                      double sum = 0;
                                      for (const std::uint32_t index : drawn) sum += sample[index];
                                      return sum / 200;
                                    }).value();
  EXPECT_NEAR(std::sqrt(Variance(means)), std::sqrt(Variance(sample) / 400), 0.0015);
}

TEST(Bootstrap, RefusesWhatHasNoInterval) {
  const auto one = [](std::span<const std::uint32_t>) { return 1.0; };
  const auto none = [](std::span<const std::uint32_t>) { return std::numeric_limits<double>::quiet_NaN(); };
  EXPECT_FALSE(BootstrapInterval(0, one).ok());
  EXPECT_FALSE(BootstrapInterval(5, one, {1, 0.9, 1}).ok());
  EXPECT_FALSE(BootstrapInterval(5, one, {10, 1.0, 1}).ok());
  EXPECT_FALSE(BootstrapInterval(5, none).ok());
  EXPECT_FALSE(HalfSampleValues(1, one).ok());
  EXPECT_EQ(BootstrapInterval(5, one).value().width(), 0);
}

}  // namespace
}  // namespace ringfort::statistics
