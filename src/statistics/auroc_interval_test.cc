#include "statistics/auroc_interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/normal_distribution.h"
#include "statistics/proportion_interval.h"
#include "statistics/receiver_operating_curve.h"

namespace ringfort::statistics {
namespace {

using Scores = std::vector<double>;

Scores Draw(Random& random, std::size_t count, double shift, bool whole) {
  Scores scores(count);
  for (double& score : scores) {
    score = NormalQuantile(random.Uniform() * .999 + .0005) + shift;
    if (whole) score = std::round(score * 2);
  }
  return scores;
}

double Wins(double positive, double negative) { return positive > negative ? 1 : positive == negative ? .5 : 0; }

// DeLong as printed: all pairs.
double CovarianceByPairs(const Scores& p1, const Scores& n1, const Scores& p2, const Scores& n2) {
  const auto spread = [](const Scores& a, const Scores& b) {
    double mean_a = 0, mean_b = 0, sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      mean_a += a[i] / static_cast<double>(a.size());
      mean_b += b[i] / static_cast<double>(a.size());
    }
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
    return sum / static_cast<double>(a.size() - 1) / static_cast<double>(a.size());
  };
  const auto shares = [](const Scores& positives, const Scores& negatives, bool of_positives) {
    Scores shares;
    for (const double own : of_positives ? positives : negatives) {
      double sum = 0;
      for (const double other : of_positives ? negatives : positives)
        sum += of_positives ? Wins(own, other) : Wins(other, own);
      shares.push_back(sum / static_cast<double>((of_positives ? negatives : positives).size()));
    }
    return shares;
  };
  return spread(shares(p1, n1, true), shares(p2, n2, true)) + spread(shares(p1, n1, false), shares(p2, n2, false));
}

TEST(AurocInterval, WorksAnExampleByHand) {
  // V = (1, 1/2 + 0 ...): positives 3, 2 against negatives 2, 1.
  // 3 beats both: 1. 2 ties one and beats one: 3/4. W: 2 is beaten by 3 and tied: 3/4; 1 is beaten by both: 1.
  const AurocEstimate estimate = DeLongAuroc(Scores{3, 2}, Scores{2, 1}).value();
  EXPECT_NEAR(estimate.area, .875, 1e-15);
  EXPECT_NEAR(estimate.variance, 2 * (.03125 / 2), 1e-15);
}

TEST(AurocInterval, FastVarianceIsThatOfAllPairs) {
  Random random(3);
  for (int round = 0; round < 40; ++round) {
    const bool whole = round % 2 == 0;
    const std::size_t m = 2 + random.Below(25), n = 2 + random.Below(25);
    const Scores p1 = Draw(random, m, .8, whole), n1 = Draw(random, n, 0, whole);
    const Scores p2 = Draw(random, m, .3, whole), n2 = Draw(random, n, 0, whole);
    const AurocEstimate first = DeLongAuroc(p1, n1).value();
    EXPECT_NEAR(first.variance, CovarianceByPairs(p1, n1, p1, n1), 1e-12);
    EXPECT_NEAR(first.area, ReceiverOperatingCurve::FromScores(p1, n1).value().Area(), 1e-12);
    const AurocDifference difference = DeLongDifference({p1, p2, n1, n2}).value();
    EXPECT_NEAR(
        difference.variance,
        CovarianceByPairs(p1, n1, p1, n1) + CovarianceByPairs(p2, n2, p2, n2) - 2 * CovarianceByPairs(p1, n1, p2, n2),
        1e-12);
  }
}

TEST(AurocInterval, HoldsTheTrueAreaAsOftenAsItSays) {
  Random random(5);
  const double truth = NormalDistribution(1 / std::sqrt(2.0));
  int held = 0;
  constexpr int kRounds = 1000;
  for (int round = 0; round < kRounds; ++round)
    held += DeLongAuroc(Draw(random, 60, 1, false), Draw(random, 80, 0, false)).value().interval.Holds(truth);
  EXPECT_TRUE(ClopperPearsonInterval(held, kRounds, .9999).value().Holds(.95)) << held;
}

TEST(AurocInterval, BothWaysAgree) {
  Random random(9);
  const Scores positives = Draw(random, 150, 1, false), negatives = Draw(random, 200, 0, false);
  const Interval formula = DeLongAuroc(positives, negatives).value().interval;
  const Interval drawn = BootstrapAuroc(positives, negatives, {.resamples = 2000, .seed = 4}).value();
  EXPECT_NEAR(formula.lower, drawn.lower, .012);
  EXPECT_NEAR(formula.upper, drawn.upper, .012);
  EXPECT_EQ(drawn.lower, BootstrapAuroc(positives, negatives, {.resamples = 2000, .seed = 4}).value().lower);
}

TEST(AurocInterval, PairedTestAlarmsAsRarelyAsItSays) {
  Random random(21);
  int alarms = 0;
  constexpr int kRounds = 600;
  for (int round = 0; round < kRounds; ++round) {
    // Equally good scores that share half of what they see.
    Scores p1, p2, n1, n2;
    for (int i = 0; i < 60; ++i) {
      const Scores draws = Draw(random, 6, 0, false);
      p1.push_back(1 + draws[0] + draws[1]);
      p2.push_back(1 + draws[0] + draws[2]);
      n1.push_back(draws[3] + draws[4]);
      n2.push_back(draws[3] + draws[5]);
    }
    alarms += DeLongDifference({p1, p2, n1, n2}).value().probability < .05;
  }
  EXPECT_TRUE(ClopperPearsonInterval(alarms, kRounds, .9999).value().Holds(.05)) << alarms;
}

TEST(AurocInterval, ClaimsNoCertaintyFromPerfectSeparation) {
  const AurocEstimate estimate = DeLongAuroc(Scores{5, 6, 7, 8, 9}, Scores{1, 2, 3, 4, 0, -1}).value();
  EXPECT_EQ(estimate.area, 1);
  EXPECT_NEAR(estimate.interval.lower, std::pow(.025, 1.0 / 5), 1e-9);
  EXPECT_EQ(estimate.interval.upper, 1);
  const AurocEstimate tied = DeLongAuroc(Scores{1, 1, 1, 1}, Scores{1, 1, 1, 1}).value();
  EXPECT_EQ(tied.area, .5);
  EXPECT_TRUE(tied.interval.Holds(.5));
  EXPECT_GT(tied.interval.width(), .5);
}

TEST(AurocInterval, OneOrderIsNoDifference) {
  const Scores positives{1, 4, 2}, negatives{0, 3}, squared_positives{1, 16, 4}, squared_negatives{0, 9};
  const AurocDifference same = DeLongDifference({positives, squared_positives, negatives, squared_negatives}).value();
  EXPECT_EQ(same.difference, 0);
  EXPECT_EQ(same.probability, 1);
  const Scores high{5, 6}, low{1, 2};
  EXPECT_TRUE(std::isnan(DeLongDifference({high, low, low, high}).value().probability));
}

TEST(AurocInterval, RefusesWhatItCannotSay) {
  EXPECT_FALSE(DeLongAuroc(Scores{1}, Scores{1, 2}).ok());
  EXPECT_FALSE(DeLongAuroc(Scores{1, 2}, Scores{1, std::nan("")}).ok());
  EXPECT_FALSE(DeLongAuroc(Scores{1, 2}, Scores{1, 2}, 1).ok());
  const Scores two{1, 2}, three{1, 2, 3};
  EXPECT_FALSE(DeLongDifference({two, three, two, two}).ok());
  EXPECT_FALSE(BootstrapAuroc(two, two, {.resamples = 1}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
