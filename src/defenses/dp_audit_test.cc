#include "defenses/dp_audit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace ringfort::defenses {
namespace {

TEST(EpsilonAtLeast, FollowsTheExampleOfItsHeader) {
  // No error in 1000: the upper bound of the rate is 1 - tail^(1/1000).
  const double rate = 1 - std::pow(0.025, 1.0 / 1000);
  EXPECT_NEAR(rate, 0.0037, 1e-4);
  EXPECT_NEAR(EpsilonAtLeast({0, 1000, 0, 1000}, 0, 0.95).value(), std::log((1 - rate) / rate), 1e-9);
}

TEST(EpsilonAtLeast, AnAttackThatGuessesProvesNothing) {
  EXPECT_EQ(EpsilonAtLeast({500, 1000, 500, 1000}, 1e-5, 0.95).value(), 0);
  EXPECT_EQ(EpsilonAtLeast({1000, 1000, 0, 1000}, 1e-5, 0.95).value(), 0);
  EXPECT_FALSE(EpsilonAtLeast({0, 0, 0, 10}, 0, 0.95).ok());
  EXPECT_FALSE(EpsilonAtLeast({11, 10, 0, 10}, 0, 0.95).ok());
  EXPECT_FALSE(EpsilonAtLeast({0, 10, 0, 10}, 1, 0.95).ok());
}

// Randomized response with e^eps to 1 is exactly eps-private, and the best attack on it is
// to believe it. The bound must stay below eps in all but one of twenty audits.
TEST(AuditScores, StaysBelowTheTrueEpsilon) {
  Random random(23);
  for (const double epsilon : {0.5, 1.0, 3.0}) {
    const double honest = std::exp(epsilon) / (1 + std::exp(epsilon));
    int exceeded = 0;
    double mean = 0;
    constexpr int kAudits = 200;
    for (int audit = 0; audit < kAudits; ++audit) {
      std::vector<double> members(2000), others(2000);
      for (double& score : members) score = random.Uniform() < honest ? 1 : 0;
      for (double& score : others) score = random.Uniform() < honest ? 0 : 1;
      const double bound = AuditScores(members, others, 0, 0.95).value().epsilon;
      exceeded += bound > epsilon ? 1 : 0;
      mean += bound / kAudits;
    }
    EXPECT_LE(exceeded, 0.05 * kAudits);
    EXPECT_GT(mean, 0.7 * epsilon);
  }
}

TEST(AuditScores, FindsTheThresholdAndRefusesWhatIsNoScore) {
  std::vector<double> members, others;
  for (int i = 0; i < 500; ++i) {
    members.push_back(10 + i * 0.001);
    others.push_back(i * 0.001);
  }
  const AuditBound bound = AuditScores(members, others, 0).value();
  EXPECT_GT(bound.epsilon, 3);
  EXPECT_GT(bound.threshold, 0.4);
  EXPECT_LE(bound.thresholds, 20u);
  members[3] = std::nan("");
  EXPECT_FALSE(AuditScores(members, others, 0).ok());
  EXPECT_FALSE(AuditScores({}, others, 0).ok());
  EXPECT_FALSE(AuditScores(others, others, 0, 0.95, 0).ok());
}

}  // namespace
}  // namespace ringfort::defenses
