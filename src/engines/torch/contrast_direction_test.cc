#include "engines/torch/contrast_direction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

namespace ringfort::engines {
namespace {

using Rows = std::vector<std::vector<Token>>;

// A stream that is told instead of computed: two layers, the second twice the first, of two numbers by the token.
class ToldNetwork : public Network {
 public:
  ToldNetwork() { shape_.width = 2, shape_.layers = 2; }
  const NetworkShape& Shape() const override { return shape_; }
  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> sequence) override {
    std::vector<Matrix> states(2, Matrix{sequence.size(), 2, {}});
    for (const Token token : sequence)
      for (int layer = 0; layer < 2; ++layer) {
        const float times = layer == 0 ? 1 : 2;
        states[static_cast<std::size_t>(layer)].values.push_back(times * static_cast<float>(token / 10));
        states[static_cast<std::size_t>(layer)].values.push_back(times * static_cast<float>(token % 10));
      }
    return states;
  }
  Result<Matrix> Logits(std::span<const Token>) override { return Error{}; }
  Result<std::vector<float>> NextLogits(std::span<const Token>) override { return Error{}; }
  Result<std::vector<std::vector<PlaceScore>>> Score(std::span<const std::vector<Token>>, bool) override {
    return Error{};
  }
  Result<std::vector<double>> Losses(std::span<const std::vector<Token>>, std::size_t) override { return Error{}; }
  Result<std::vector<float>> Embed(std::span<const Token>) override { return Error{}; }
  Result<InputGradients> GradientOfInputs(std::span<const Token>, std::size_t) override { return Error{}; }
  Result<StepReport> Train(std::span<const TrainingText>, const TrainingRule&) override { return Error{}; }
  Result<WeightGradients> GradientOfWeights(std::span<const TrainingText>, const WeightGradients&) override {
    return Error{};
  }
  Result<StepReport> StepAlong(const WeightGradients&, const TrainingRule&) override { return Error{}; }
  Result<std::map<std::string, std::vector<double>>> InputNorms(std::span<const std::vector<Token>>) override {
    return Error{};
  }
  Status EditStream(const StreamEdit&) override { return Error{}; }
  Result<std::map<std::string, WeightTensor>> Weights() override { return Error{}; }
  Status SetWeights(const std::map<std::string, WeightTensor>&) override { return Error{}; }
  Status StartAdapter(std::uint32_t, double, std::uint64_t) override { return Error{}; }
  Result<AdapterCheckpoint> Adapter() override { return Error{}; }
  Status UseAdapter(const AdapterCheckpoint&, double) override { return Error{}; }

 private:
  NetworkShape shape_{};
};

TEST(ContrastDirection, TheExampleOfTheHeader) {
  ToldNetwork network;
  const Rows one = {{77, 30}, {50}}, other = {{2}, {99, 99, 4}};
  const auto directions = ContrastDirections(network, one, other, 1);
  ASSERT_TRUE(directions.ok());
  ASSERT_EQ(directions.value().size(), 2U);
  const ContrastDirection& first = directions.value()[0];
  EXPECT_THAT(first.direction, testing::ElementsAre(4, -3));
  EXPECT_DOUBLE_EQ(first.length, 5);
  EXPECT_DOUBLE_EQ(first.one_along, 3.2);
  EXPECT_DOUBLE_EQ(first.other_along, -1.8);
  EXPECT_EQ(directions.value()[1].layer, 1U);
  EXPECT_DOUBLE_EQ(directions.value()[1].length, 10);
}

TEST(ContrastDirection, PlacesAreCountedFromTheEnd) {
  ToldNetwork network;
  const auto directions = ContrastDirections(network, Rows{{99, 30, 11}}, Rows{{10, 11}}, 2);
  ASSERT_TRUE(directions.ok());
  EXPECT_EQ(directions.value()[0].place, 0U);
  EXPECT_DOUBLE_EQ(directions.value()[0].length, 0);
  EXPECT_EQ(directions.value()[0].one_along, 0);
  EXPECT_EQ(directions.value()[1].place, 1U);
  EXPECT_THAT(directions.value()[1].direction, testing::ElementsAre(2, 0));
}

TEST(ContrastDirection, RefusesWhatCannotBe) {
  ToldNetwork network;
  EXPECT_FALSE(ContrastDirections(network, {}, Rows{{1}}, 1).ok());
  EXPECT_FALSE(ContrastDirections(network, Rows{{1}}, {}, 1).ok());
  EXPECT_FALSE(ContrastDirections(network, Rows{{1}}, Rows{{1}}, 0).ok());
  EXPECT_FALSE(ContrastDirections(network, Rows{{1, 2}}, Rows{{1}}, 2).ok());
}

TEST(ContrastDirection, WhatAllEndWith) {
  EXPECT_EQ(SharedEnding(Rows{{1, 2, 3}, {5, 2, 3}, {2, 3}}), 2U);
  EXPECT_EQ(SharedEnding(Rows{{1, 2, 3}, {3}}), 1U);
  EXPECT_EQ(SharedEnding(Rows{{1, 2}, {1, 3}}), 0U);
  EXPECT_EQ(SharedEnding(Rows{{4, 4}}), 2U);
  EXPECT_EQ(SharedEnding({}), 0U);
}

}  // namespace
}  // namespace ringfort::engines
