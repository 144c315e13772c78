#include "statistics/false_discovery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace ringfort::statistics {
namespace {

using Probabilities = std::vector<double>;
constexpr auto kYekutieli = FalseDiscoveryMethod::kBenjaminiYekutieli;

TEST(FalseDiscovery, FollowsTheExampleOfItsHeader) {
  const Probabilities adjusted = AdjustForFalseDiscovery(Probabilities{.04, .01, .5, .03, .02}).value();
  EXPECT_NEAR(adjusted[0], .05, 1e-15);
  EXPECT_NEAR(adjusted[1], .05, 1e-15);
  EXPECT_NEAR(adjusted[2], .5, 1e-15);
}

TEST(FalseDiscovery, RejectsFourOfThePapersFifteen) {
  // Benjamini and Hochberg 1995, section 4.1: at 0.05 their procedure rejects four, Bonferroni three.
  const Probabilities paper{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                            .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
  const Probabilities adjusted = AdjustForFalseDiscovery(paper).value();
  EXPECT_EQ(std::count_if(adjusted.begin(), adjusted.end(), [](double p) { return p <= .05; }), 4);
  EXPECT_NEAR(adjusted[3], .0095 * 15 / 4, 1e-15);
  EXPECT_NEAR(adjusted[14], 1, 1e-15);
  const Probabilities stricter = AdjustForFalseDiscovery(paper, kYekutieli).value();
  EXPECT_EQ(std::count_if(stricter.begin(), stricter.end(), [](double p) { return p <= .05; }), 3);
}

TEST(FalseDiscovery, IsTheLeastRateAtWhichStepUpRejects) {
  Random random(2);
  for (int round = 0; round < 40; ++round) {
    Probabilities given(1 + random.Below(12));
    for (double& p : given) p = static_cast<double>(random.Below(20)) / 20;
    for (const bool any : {false, true}) {
      const Probabilities adjusted =
          AdjustForFalseDiscovery(given, any ? kYekutieli : FalseDiscoveryMethod::kBenjaminiHochberg).value();
      double harmonic = 1;
      for (std::size_t i = 2; any && i <= given.size(); ++i) harmonic += 1.0 / static_cast<double>(i);
      Probabilities sorted = given;
      std::sort(sorted.begin(), sorted.end());
      for (const double rate : {.013, .12, .37, .81}) {
        // The procedure itself: the largest rank whose probability lies under its line.
        double cut = -1;
        for (std::size_t rank = 1; rank <= sorted.size(); ++rank)
          if (sorted[rank - 1] * harmonic * static_cast<double>(sorted.size()) <= rate * static_cast<double>(rank))
            cut = sorted[rank - 1];
        for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(adjusted[i] <= rate, given[i] <= cut) << rate;
      }
    }
  }
}

TEST(FalseDiscovery, PassesOverTestsThatWereNotMade) {
  const Probabilities adjusted = AdjustForFalseDiscovery(Probabilities{.01, std::nan(""), .04}).value();
  EXPECT_NEAR(adjusted[0], .02, 1e-15);
  EXPECT_TRUE(std::isnan(adjusted[1]));
  EXPECT_EQ(AdjustForFalseDiscovery(Probabilities{.9, 1}, kYekutieli).value()[1], 1);
  EXPECT_TRUE(AdjustForFalseDiscovery({}).value().empty());
  EXPECT_FALSE(AdjustForFalseDiscovery(Probabilities{1.1}).ok());
  EXPECT_FALSE(AdjustForFalseDiscovery(Probabilities{-.1}).ok());
}

}  // namespace
}  // namespace ringfort::statistics
