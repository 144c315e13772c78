#include "statistics/receiver_operating_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

using Scores = std::vector<double>;

ReceiverOperatingCurve Curve(const Scores& positives, const Scores& negatives) {
  return ReceiverOperatingCurve::FromScores(positives, negatives).value();
}

// Whole numbers, so that ties are many.
Scores Draw(Random& random, std::size_t count, int shift) {
  Scores scores(count);
  for (double& score : scores) score = static_cast<double>(random.Below(8)) + shift;
  return scores;
}

TEST(ReceiverOperatingCurve, FollowsTheExampleOfItsHeader) {
  const ReceiverOperatingCurve curve = Curve({3, 2, 2}, {2, 1});
  ASSERT_EQ(curve.points().size(), 4u);
  EXPECT_TRUE(std::isinf(curve.points()[0].threshold));
  EXPECT_EQ(curve.points()[1].true_positives, 1u);
  EXPECT_EQ(curve.points()[1].false_positives, 0u);
  EXPECT_EQ(curve.points()[2].threshold, 2);
  EXPECT_EQ(curve.points()[2].true_positives, 3u);
  EXPECT_EQ(curve.points()[2].false_positives, 1u);
  EXPECT_EQ(curve.points()[3].false_positives, 2u);
  EXPECT_NEAR(curve.Area(), 5.0 / 6, 1e-15);
}

TEST(ReceiverOperatingCurve, AreaIsThePairsCountedOneByOne) {
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    const Scores positives = Draw(random, 1 + random.Below(30), 1);
    const Scores negatives = Draw(random, 1 + random.Below(30), 0);
    double won = 0;
    for (const double positive : positives)
      for (const double negative : negatives) won += positive > negative ? 1 : positive == negative ? .5 : 0;
    EXPECT_NEAR(Curve(positives, negatives).Area(), won / static_cast<double>(positives.size() * negatives.size()),
                1e-12);
    EXPECT_NEAR(Curve(positives, negatives).Area() + Curve(negatives, positives).Area(), 1, 1e-12);
  }
}

TEST(ReceiverOperatingCurve, RateIsTheBestThatAnyThresholdReaches) {
  Random random(11);
  for (int round = 0; round < 50; ++round) {
    const Scores positives = Draw(random, 1 + random.Below(40), 1);
    const Scores negatives = Draw(random, 1 + random.Below(40), 0);
    const ReceiverOperatingCurve curve = Curve(positives, negatives);
    for (const double rate : {0.0, .01, .1, .25, .5, 1.0}) {
      double best = 0;
      for (int threshold = -1; threshold < 12; ++threshold) {
        double hits = 0, alarms = 0;
        for (const double score : positives) hits += score >= threshold;
        for (const double score : negatives) alarms += score >= threshold;
        if (alarms <= rate * static_cast<double>(negatives.size()) + 1e-9)
          best = std::max(best, hits / static_cast<double>(positives.size()));
      }
      const RateAtFalsePositiveRate found = curve.AtFalsePositiveRate(rate).value();
      EXPECT_NEAR(found.true_positive_rate, best, 1e-12);
      EXPECT_LE(found.false_positive_rate, rate + 1e-12);
    }
  }
}

TEST(ReceiverOperatingCurve, SaysWhatTheSampleCannotResolve) {
  Scores positives(100, 5), negatives(99, 1);
  negatives.push_back(9);
  const ReceiverOperatingCurve curve = Curve(positives, negatives);
  const RateAtFalsePositiveRate coarse = curve.AtFalsePositiveRate(.01).value();
  EXPECT_TRUE(coarse.resolved);
  EXPECT_EQ(coarse.true_positive_rate, 1);
  EXPECT_NEAR(coarse.true_positive_interval.lower, ClopperPearsonInterval(100, 100).value().lower, 1e-15);
  const RateAtFalsePositiveRate fine = curve.AtFalsePositiveRate(.001).value();
  EXPECT_FALSE(fine.resolved);
  EXPECT_EQ(fine.true_positive_rate, 0);
  EXPECT_NEAR(fine.false_positive_interval.upper, 0.0362166926, 1e-9);
}

TEST(ReceiverOperatingCurve, RoundsNoNegativeAway) {
  // 0.07 * 300 is 21.000000000000004 in binary and 0.29 * 100 is 28.999999999999996.
  Scores negatives;
  for (int i = 0; i < 100; ++i) negatives.push_back(i);
  EXPECT_EQ(Curve({1000}, negatives).AtFalsePositiveRate(.29).value().point.false_positives, 29u);
}

TEST(ReceiverOperatingCurve, ThinsForLogarithmicAxes) {
  Scores positives, negatives;
  for (int i = 0; i < 20000; ++i) {
    positives.push_back(i + 3000);
    negatives.push_back(i);
  }
  const ReceiverOperatingCurve curve = Curve(positives, negatives);
  const std::vector<OperatingPoint> points = curve.LogarithmicPoints(10);
  EXPECT_LE(points.size(), 45u);
  EXPECT_EQ(points.back().false_positives, 20000u);
  EXPECT_GT(points.front().false_positives, 0u);
  for (std::size_t i = 1; i < points.size(); ++i) EXPECT_GT(points[i].false_positives, points[i - 1].false_positives);
}

TEST(ReceiverOperatingCurve, BearsInfiniteScoresAndRefusesNone) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Curve({infinity, 1}, {-infinity, 0}).Area(), 1);
  EXPECT_EQ(Curve({infinity}, {infinity}).Area(), .5);
  EXPECT_EQ(Curve({infinity}, {infinity}).AtFalsePositiveRate(0).value().true_positive_rate, 0);
  EXPECT_FALSE(ReceiverOperatingCurve::FromScores({}, Scores{1}).ok());
  EXPECT_FALSE(ReceiverOperatingCurve::FromScores(Scores{1}, {}).ok());
  EXPECT_FALSE(ReceiverOperatingCurve::FromScores(Scores{std::nan("")}, Scores{1}).ok());
  EXPECT_FALSE(Curve({1}, {0}).AtFalsePositiveRate(-.1).ok());
  EXPECT_FALSE(Curve({1}, {0}).AtFalsePositiveRate(.1, 1).ok());
}

}  // namespace
}  // namespace ringfort::statistics
