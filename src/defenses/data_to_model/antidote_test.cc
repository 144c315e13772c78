#include "defenses/data_to_model/antidote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringfort::defenses::data_to_model {
namespace {

using testing::ElementsAre;
using Weights = std::map<std::string, engines::WeightTensor>;
using Norms = std::map<std::string, std::vector<double>>;

const Weights kWeights = {{"w", {{2, 2}, {1, -3, 2, 0.5}}}, {"bias", {{2}, {9, 9}}}};
const Norms kNorms = {{"w", {2, 1}}};

TEST(Antidote, TheExampleOfTheHeader) {
  Weights weights = kWeights;
  EXPECT_EQ(PruneByScore(weights, kNorms, 0.25).value(), 1U);
  EXPECT_THAT(weights["w"].values, ElementsAre(1, -3, 0, 0.5));
  EXPECT_EQ(PruneByScore(weights, kNorms, 0.5).value(), 2U);  // of what is left
  EXPECT_THAT(weights["w"].values, ElementsAre(0, 0, 0, 0.5));
  EXPECT_THAT(weights["bias"].values, ElementsAre(9, 9));
}

TEST(Antidote, NothingAndEverything) {
  Weights weights = kWeights;
  EXPECT_EQ(PruneByScore(weights, kNorms, 0).value(), 0U);
  EXPECT_EQ(weights, kWeights);
  EXPECT_EQ(PruneByScore(weights, kNorms, 1).value(), 4U);
  EXPECT_THAT(weights["w"].values, ElementsAre(0, 0, 0, 0));
}

TEST(Antidote, RefusesWhatDoesNotFit) {
  Weights weights = kWeights;
  EXPECT_FALSE(PruneByScore(weights, kNorms, 1.5).ok());
  EXPECT_FALSE(PruneByScore(weights, {}, 0.1).ok());
  EXPECT_FALSE(PruneByScore(weights, {{"v", {1, 2}}}, 0.1).ok());
  EXPECT_FALSE(PruneByScore(weights, {{"w", {1, 2, 3}}}, 0.1).ok());
  EXPECT_FALSE(PruneByScore(weights, {{"bias", {1, 2}}}, 0.1).ok());
  EXPECT_EQ(weights, kWeights);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
