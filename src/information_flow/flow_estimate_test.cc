#include "information_flow/flow_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "information_flow/mutual_information.h"

namespace ringfort::information_flow {
namespace {

std::vector<Observation> Drawn(const Channel& channel, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Observation> pairs;
  while (pairs.size() < count) {
    const auto x = static_cast<std::uint32_t>(random.Below(channel.inputs()));
    double point = random.Uniform();
    std::uint32_t y = 0;
    while (y + 1 < channel.outputs() && point >= channel.At(x, y)) point -= channel.At(x, y++);
    pairs.push_back({x, y});
  }
  return pairs;
}

double Normal(Random& random) {
  return std::sqrt(-2 * std::log1p(-random.Uniform())) * std::cos(2 * std::numbers::pi * random.Uniform());
}

std::vector<ScoredLabel> Scores(double apart, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<ScoredLabel> scores;
  for (std::uint32_t i = 0; i < count; ++i) scores.push_back({Normal(random) + (i % 2) * apart, i % 2});
  return scores;
}

TEST(FlowEstimate, TakesTheBiasAway) {
  // Eight by eight, nothing flows: the plain plug-in would find 49 / (2 n ln 2) = 0.088 bits.
  const Channel nothing = Channel::Create(8, 8, std::vector<double>(64, .125)).value();
  double mean = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const FlowEstimate estimate = EstimateFlow(Drawn(nothing, 400, seed), {.resamples = 20}).value();
    mean += (estimate.interval.lower + estimate.interval.upper) / 200;
  }
  EXPECT_NEAR(mean, 0, 0.01);
}

TEST(FlowEstimate, ShowsNoLeakWhereThereIsNone) {
  for (const std::size_t outputs : {2, 5}) {
    const Channel nothing = Channel::FromCounts(2, outputs, std::vector<double>(2 * outputs, 1)).value();
    int shown = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed)
      if (EstimateFlow(Drawn(nothing, 300, seed), {.resamples = 200}).value().leak_shown()) ++shown;
    EXPECT_LE(shown, 10) << outputs;
  }
}

TEST(FlowEstimate, CoversWhatFlows) {
  const Channel flip = BinaryChannel(.1, .9).value();
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const FlowEstimate estimate = EstimateFlow(Drawn(flip, 500, seed), {.resamples = 200}).value();
    EXPECT_TRUE(estimate.leak_shown());
    if (estimate.interval.Holds(0.531004406411)) ++covered;
  }
  EXPECT_GE(covered, 180);
}

TEST(FlowEstimate, UnderAConditionIsTheMeanOverConditions) {
  // Given 0 the secret is seen as it is, given 1 not at all.
  std::vector<Observation> observations;
  for (std::uint32_t i = 0; i < 4000; ++i) observations.push_back({i % 2, i < 2000 ? i % 2 : i / 2 % 2, i / 2000});
  const FlowEstimate estimate = EstimateFlow(observations).value();
  EXPECT_NEAR(estimate.bits, .5, 1e-3);
  EXPECT_TRUE(estimate.interval.Holds(.5));
}

TEST(FlowEstimate, OfScoresFindsTheDensities) {
  // I(label; score) of two normal densities, by integration.
  for (const double apart : {.5, 1.5, 3.0}) {
    double known = 0;
    for (double s = -9; s < 13; s += 1e-3) {
      const double zero = std::exp(-s * s / 2) / std::sqrt(2 * std::numbers::pi);
      const double one = std::exp(-(s - apart) * (s - apart) / 2) / std::sqrt(2 * std::numbers::pi);
      for (const double density : {zero, one})
        if (density > 0) known += 1e-3 * .5 * density * std::log2(density / ((zero + one) / 2));
    }
    const FlowEstimate estimate = EstimateScoreFlow(Scores(apart, 4000, 5)).value();
    EXPECT_NEAR(estimate.bits, known, .035) << apart;
    EXPECT_TRUE(estimate.leak_shown());
  }
}

TEST(FlowEstimate, OfScoresShowsNoLeakWhereThereIsNone) {
  int shown = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    if (EstimateScoreFlow(Scores(0, 200, seed), 3, {.resamples = 100}).value().leak_shown()) ++shown;
  EXPECT_LE(shown, 9);
}

TEST(FlowEstimate, OfScoresBearsTies) {
  // Scores of two values only: a binary channel.
  std::vector<ScoredLabel> scores;
  for (std::uint32_t i = 0; i < 2000; ++i) scores.push_back({i / 2 % 10 == 0 ? 1.0 - i % 2 : i % 2, i % 2});
  EXPECT_NEAR(EstimateScoreFlow(scores).value().bits, 0.531004406411, .01);
  for (ScoredLabel& one : scores) one.score = 7;
  const FlowEstimate constant = EstimateScoreFlow(scores).value();
  EXPECT_NEAR(constant.bits, 0, .002);
}

TEST(FlowEstimate, RefusesTooLittleAndWhatIsNoNumber) {
  EXPECT_FALSE(EstimateFlow({}).ok());
  EXPECT_FALSE(EstimateScoreFlow(Scores(1, 7, 1)).ok());
  EXPECT_FALSE(EstimateScoreFlow(Scores(1, 50, 1), 0).ok());
  std::vector<ScoredLabel> broken = Scores(1, 50, 1);
  broken[3].score = NAN;
  EXPECT_FALSE(EstimateScoreFlow(broken).ok());
  // Labels that occur once each carry nothing that could be measured.
  std::vector<ScoredLabel> lone;
  for (std::uint32_t i = 0; i < 10; ++i) lone.push_back({static_cast<double>(i), i});
  EXPECT_FALSE(EstimateScoreFlow(lone).value().leak_shown());
}

}  // namespace
}  // namespace ringfort::information_flow
