#include "defenses/model_to_model/dataset_inference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "base/random.h"

namespace ringfort::defenses::model_to_model {
namespace {

double Normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(2 * std::numbers::pi * random.Uniform());
}

// Texts with `scores` scores that follow each other (a text is hard or easy), one in ten of
// them far out; every score but the first tells nothing, the first lies higher by `shift`.
std::vector<MembershipScores> Drawn(Random& random, std::size_t texts, std::size_t scores, double shift) {
  std::vector<MembershipScores> drawn;
  for (std::size_t i = 0; i < texts; ++i) {
    const double hard = Normal(random) * (random.Uniform() < 0.1 ? 10 : 1);
    MembershipScores& text = drawn.emplace_back();
    for (std::size_t k = 0; k < scores; ++k) text.push_back(0.5 * hard + Normal(random));
    *text[0] += shift;
  }
  return drawn;
}

// Nothing was learned by the model: half of what is learned from it are accidents, and the
// test must not repeat them. With as many scores for as few texts a test on the texts that
// the weights were learned from would claim most of these sets.
TEST(DatasetInference, ErrsAsOftenAsItSaysWhereTheModelNeverSawTheTexts) {
  Random random(7);
  constexpr int kRuns = 1000;
  int claimed = 0, halves = 0, by_welch = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto mine = Drawn(random, 40, 12, 0), others = Drawn(random, 30, 12, 0);
    const auto inference = InferDataset(mine, others, {.permutations = 99, .seed = static_cast<std::uint64_t>(run)});
    ASSERT_TRUE(inference.ok()) << inference.error().what;
    claimed += inference.value().test.by_permutation <= 0.05 ? 1 : 0;
    halves += inference.value().test.by_permutation <= 0.5 ? 1 : 0;
    by_welch += inference.value().test.probability <= 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(claimed, 0.05 * kRuns, 4 * std::sqrt(0.05 * 0.95 * kRuns));
  EXPECT_NEAR(halves, 0.5 * kRuns, 4 * std::sqrt(0.25 * kRuns));
  EXPECT_NEAR(by_welch, 0.05 * kRuns, 4 * std::sqrt(0.05 * 0.95 * kRuns)) << "nearly so by the t-test";
}

TEST(DatasetInference, FindsASetOfWhichEachTextSaysLittle) {
  Random random(8);
  const auto mine = Drawn(random, 400, 5, 0.6), others = Drawn(random, 400, 5, 0);
  const auto inference = InferDataset(mine, others, {});
  ASSERT_TRUE(inference.ok());
  EXPECT_EQ(inference.value().mine, 200u);
  EXPECT_EQ(inference.value().others, 200u);
  EXPECT_LT(inference.value().test.by_permutation, 0.001);
  EXPECT_LT(inference.value().test.probability, 0.001);
  const std::vector<double>& weights = inference.value().weights;
  for (std::size_t i = 1; i < weights.size(); ++i) EXPECT_GT(weights[0], weights[i]) << i;
}

TEST(DatasetInference, AScoreThatRunsTheWrongWayIsTurned) {
  Random random(9);
  const auto mine = Drawn(random, 200, 2, -1), others = Drawn(random, 200, 2, 0);
  const auto inference = InferDataset(mine, others, {});
  ASSERT_TRUE(inference.ok());
  EXPECT_LT(inference.value().weights[0], 0);
  EXPECT_LT(inference.value().test.by_permutation, 0.01);
}

TEST(DatasetInference, WhatIsMissingOrEndlessCountsAsAverage) {
  Random random(10);
  auto mine = Drawn(random, 100, 2, 2), others = Drawn(random, 100, 2, 0);
  const double plain = InferDataset(mine, others, {}).value().test.t;
  for (std::size_t i = 0; i < mine.size(); i += 10) mine[i][0].reset();
  others[3][1] = std::numeric_limits<double>::infinity();
  others[4][0] = std::numeric_limits<double>::quiet_NaN();
  const auto inference = InferDataset(mine, others, {});
  ASSERT_TRUE(inference.ok());
  EXPECT_GT(inference.value().test.t, 3);
  EXPECT_LT(inference.value().test.t, plain);
}

TEST(DatasetInference, OneTextFarOutDecidesNothing) {
  Random random(12);
  auto mine = Drawn(random, 60, 1, 0), others = Drawn(random, 60, 1, 0);
  const double before = InferDataset(mine, others, {}).value().test.probability;
  const Dealing dealing = DealTexts(60, 60, 1);
  for (std::size_t i = 0; i < 60; ++i)
    if (dealing.mine[i] == 0) {
      mine[i][0] = 1e12;
      break;
    }
  EXPECT_NEAR(InferDataset(mine, others, {}).value().test.probability, before, 0.25);
}

TEST(DatasetInference, DealsEachSetInHalvesAndTheSameSeedAlike) {
  const Dealing dealing = DealTexts(11, 8, 3);
  EXPECT_EQ(std::count(dealing.mine.begin(), dealing.mine.end(), 1), 5);
  EXPECT_EQ(std::count(dealing.others.begin(), dealing.others.end(), 1), 4);
  EXPECT_EQ(DealTexts(11, 8, 3).mine, dealing.mine);
  EXPECT_NE(DealTexts(11, 8, 4).mine, dealing.mine);
}

TEST(DatasetInference, RefusesWhatItCannotTest) {
  const std::vector<MembershipScores> three(3, {1.0}), flat(8, {1.0}), none(8, MembershipScores{}),
      missing(8, {std::nullopt});
  std::vector<MembershipScores> odd(8, {1.0});
  odd[5].push_back(2.0);
  EXPECT_FALSE(InferDataset(three, flat, {}).ok());
  EXPECT_FALSE(InferDataset(flat, three, {}).ok());
  EXPECT_FALSE(InferDataset(flat, flat, {}).ok()) << "no score differs";
  EXPECT_FALSE(InferDataset(none, none, {}).ok());
  EXPECT_FALSE(InferDataset(missing, missing, {}).ok());
  EXPECT_FALSE(InferDataset(flat, odd, {}).ok());
  Random random(1);
  EXPECT_FALSE(InferDataset(Drawn(random, 8, 5, 1), Drawn(random, 8, 5, 0), {}).ok()) << "8 texts for 5 scores";
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
