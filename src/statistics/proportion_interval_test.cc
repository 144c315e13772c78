#include "statistics/proportion_interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringfort::statistics {
namespace {

TEST(ProportionInterval, HasThePublishedValues) {
  struct Case {
    std::uint64_t successes, trials;
    Interval exact, wilson;
  };
  for (const Case& known : {
           Case{0, 50, {0, 0.0711217365}, {0, 0.0713475991}},
           Case{50, 50, {0.9288782635, 1}, {0.9286524009, 1}},
           Case{0, 100, {0, 0.0362166926}, {0, 0.0369934982}},
           Case{3, 100, {0.0062299715, 0.0851760530}, {0.0102545240, 0.0845193643}},
           Case{47, 100, {0.3694051642, 0.5724185151}, {0.3751081796, 0.5671114303}},
           Case{80, 100, {0.7081573109, 0.8733444479}, {0.7111708344, 0.8666330667}},
           Case{1, 20, {0.0012650895, 0.2487327628}, {0.0088814488, 0.2361311934}},
       }) {
    SCOPED_TRACE(std::to_string(known.successes) + "/" + std::to_string(known.trials));
    const Interval exact = ClopperPearsonInterval(known.successes, known.trials).value();
    EXPECT_NEAR(exact.lower, known.exact.lower, 1e-9);
    EXPECT_NEAR(exact.upper, known.exact.upper, 1e-9);
    const Interval wilson = WilsonInterval(known.successes, known.trials).value();
    EXPECT_NEAR(wilson.lower, known.wilson.lower, 1e-9);
    EXPECT_NEAR(wilson.upper, known.wilson.upper, 1e-9);
  }
}

// The chance that the interval of a count holds the probability that made the count.
double Coverage(std::uint64_t trials, double probability, bool exact) {
  double covered = 0;
  for (std::uint64_t k = 0; k <= trials; ++k) {
    const double n = static_cast<double>(trials), s = static_cast<double>(k);
    const double chance = std::exp(std::lgamma(n + 1) - std::lgamma(s + 1) - std::lgamma(n - s + 1) +
                                   s * std::log(probability) + (n - s) * std::log1p(-probability));
    const Interval interval = (exact ? ClopperPearsonInterval(k, trials) : WilsonInterval(k, trials)).value();
    if (interval.Holds(probability)) covered += chance;
  }
  return covered;
}

TEST(ProportionInterval, ExactOneNeverCoversLessThanItSays) {
  double wilson = 0;
  int count = 0;
  for (const std::uint64_t trials : {1, 5, 20, 73})
    for (double probability = 0.02; probability < 1; probability += 0.03) {
      EXPECT_GE(Coverage(trials, probability, true), 0.95 - 1e-9) << trials << " " << probability;
      wilson += Coverage(trials, probability, false);
      ++count;
    }
  EXPECT_NEAR(wilson / count, 0.95, 0.01);
}

TEST(ProportionInterval, MirrorsWhenFailuresAreCounted) {
  for (std::uint64_t k = 0; k <= 17; ++k) {
    const Interval one = ClopperPearsonInterval(k, 17, 0.9).value();
    const Interval other = ClopperPearsonInterval(17 - k, 17, 0.9).value();
    EXPECT_NEAR(one.lower, 1 - other.upper, 1e-12);
  }
}

TEST(ProportionInterval, RefusesWhatCannotBe) {
  EXPECT_FALSE(WilsonInterval(3, 2).ok());
  EXPECT_FALSE(ClopperPearsonInterval(3, 2).ok());
  for (const double confidence : {0.0, 1.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(WilsonInterval(1, 2, confidence).ok());
    EXPECT_FALSE(ClopperPearsonInterval(1, 2, confidence).ok());
  }
  EXPECT_EQ(WilsonInterval(0, 0).value().width(), 1);
  EXPECT_EQ(ClopperPearsonInterval(0, 0).value().width(), 1);
}

TEST(ProportionInterval, OfManyTrialsIsNarrow) {
  const std::uint64_t many = std::uint64_t{1} << 40;
  EXPECT_LT(ClopperPearsonInterval(many / 2, many).value().width(), 1e-5);
  EXPECT_LT(WilsonInterval(many / 2, many).value().width(), 1e-5);
}

}  // namespace
}  // namespace ringfort::statistics
