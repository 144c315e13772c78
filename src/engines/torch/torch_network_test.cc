#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

// Edits of the stream, gradients of weights and what goes into the matrices. The rest of a Network is
// seen through torch_model_test.cc.

namespace ringfort::engines {
namespace {

using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;
using Tokens = std::vector<Token>;

std::unique_ptr<Network> Sample(const char* architecture) {
  auto made = LoadTorchNetwork(SampleCheckpoint(architecture));
  EXPECT_TRUE(made.ok()) << made.error().what;
  return made.ok() ? std::move(made).value() : nullptr;
}

const Tokens kSequence = {1, 20, 33, 47, 20, 90};

std::vector<float> Direction(const Network& network) {
  std::vector<float> direction(network.Shape().width);
  for (std::size_t i = 0; i < direction.size(); ++i)
    direction[i] = static_cast<float>(std::sin(1.0 + 2.0 * static_cast<double>(i)));
  return direction;
}

double Along(std::span<const float> row, std::span<const float> direction) {
  double dot = 0, squares = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    dot += static_cast<double>(row[i]) * static_cast<double>(direction[i]);
    squares += static_cast<double>(direction[i]) * static_cast<double>(direction[i]);
  }
  return dot / std::sqrt(squares);
}

class TorchNetwork : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, TorchNetwork, testing::Values("llama", "gpt2"));

TEST_P(TorchNetwork, TakesADirectionOutOfTheWholeStream) {
  const auto network = Sample(GetParam());
  const std::vector<float> direction = Direction(*network);
  const auto before = network->HiddenStates(kSequence).value();
  ASSERT_TRUE(network->EditStream({.direction = direction, .keep = 0}).ok());
  const auto without = network->HiddenStates(kSequence).value();
  double was = 0;
  for (std::size_t layer = 0; layer < without.size(); ++layer)
    for (std::size_t row = 0; row < without[layer].rows; ++row) {
      was = std::max(was, std::abs(Along(before[layer].Row(row), direction)));
      EXPECT_NEAR(Along(without[layer].Row(row), direction), 0, 1e-5) << layer;
    }
  EXPECT_GT(was, 0.01);
  // The logits that are computed from kept keys are those of the edited stream, too.
  const auto all = network->Logits(kSequence).value();
  const auto next = network->NextLogits(kSequence).value();
  EXPECT_THAT(next, Pointwise(FloatNear(1e-4F), all.Row(all.rows - 1)));
}

// x + ((keep - 1) u.x + add) u behind one layer, and nothing before it.
TEST_P(TorchNetwork, EditsOneLayerByTheFormula) {
  const auto network = Sample(GetParam());
  const std::vector<float> direction = Direction(*network);
  const std::uint32_t last = network->Shape().layers - 1;
  const auto before = network->HiddenStates(kSequence).value();
  ASSERT_TRUE(network->EditStream({.direction = direction, .layer = last, .keep = 0.25, .add = 3}).ok());
  const auto edited = network->HiddenStates(kSequence).value();
  for (std::uint32_t layer = 0; layer < last; ++layer) EXPECT_EQ(edited[layer].values, before[layer].values);
  double length = 0;
  for (const float value : direction) length += static_cast<double>(value) * static_cast<double>(value);
  length = std::sqrt(length);
  for (std::size_t row = 0; row < before[last].rows; ++row) {
    const double move = -0.75 * Along(before[last].Row(row), direction) + 3;
    for (std::size_t i = 0; i < direction.size(); ++i)
      EXPECT_NEAR(edited[last].Row(row)[i], before[last].Row(row)[i] + move * direction[i] / length, 1e-4);
  }
}

TEST_P(TorchNetwork, AnEditIsTakenOffAgain) {
  const auto network = Sample(GetParam());
  const auto before = network->NextLogits(kSequence).value();
  ASSERT_TRUE(network->EditStream({.direction = Direction(*network), .add = 2}).ok());
  const auto edited = network->NextLogits(kSequence).value();
  EXPECT_NE(edited, before);
  ASSERT_TRUE(network->EditStream({}).ok());
  EXPECT_EQ(network->NextLogits(kSequence).value(), before);
}

TEST_P(TorchNetwork, RefusesEditsThatCannotBe) {
  const auto network = Sample(GetParam());
  EXPECT_THAT(network->EditStream({.direction = {1, 2}}).error().what, HasSubstr("no direction"));
  EXPECT_FALSE(network->EditStream({.direction = std::vector<float>(network->Shape().width)}).ok());
  EXPECT_THAT(network->EditStream({.direction = Direction(*network), .layer = 99}).error().what, HasSubstr("layer 99"));
  EXPECT_FALSE(network->EditStream({.direction = Direction(*network), .add = std::nan("")}).ok());
}

TEST(TorchNetworkOfAnEncoder, HasNoStreamToEdit) {
  const auto network = Sample("bert");
  EXPECT_EQ(network->EditStream({}).error().fault, Fault::kUnsupported);
  EXPECT_EQ(network->InputNorms({}).error().fault, Fault::kUnsupported);
}

const std::vector<TrainingText> kTexts = {{.tokens = {1, 20, 33, 47}}, {.tokens = {1, 90, 5, 61, 7, 8}, .first = 3}};

TEST_P(TorchNetwork, GradientsOfWeightsAreSlopes) {
  const auto network = Sample(GetParam());
  const auto told = network->GradientOfWeights(kTexts, {});
  ASSERT_TRUE(told.ok());
  const auto weights = network->Weights().value();
  for (const std::string name : {"blk.0.ffn_down.weight", "token_embd.weight"}) {
    const std::vector<float>& gradient = told.value().gradients.at(name).values;
    const auto steepest = static_cast<std::size_t>(
        std::max_element(gradient.begin(), gradient.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }) -
        gradient.begin());
    double loss[2];
    for (const int side : {0, 1}) {
      auto moved = weights;
      moved[name].values[steepest] += side == 0 ? -1e-2F : 1e-2F;
      ASSERT_TRUE(network->SetWeights(moved).ok());
      loss[side] = network->GradientOfWeights(kTexts, {}).value().loss;
    }
    const double slope = (loss[1] - loss[0]) / 2e-2;
    EXPECT_NEAR(gradient[steepest], slope, 0.02 * std::abs(slope) + 1e-4) << name;
    ASSERT_TRUE(network->SetWeights(weights).ok());
    // The same moved for one call alone.
    WeightGradients moved{.gradients = weights};
    for (auto& [key, tensor] : moved.gradients) std::ranges::fill(tensor.values, 0.0F);
    moved.gradients[name].values[steepest] = 1e-2F;
    EXPECT_NEAR(network->GradientOfWeights(kTexts, moved).value().loss, loss[1], 1e-6);
    EXPECT_EQ(network->Weights().value(), weights);
  }
}

TEST_P(TorchNetwork, AStepAlongItsOwnGradientIsAStepOfTraining) {
  const auto trained = Sample(GetParam()), stepped = Sample(GetParam());
  for (int step = 0; step < 3; ++step) {
    const TrainingRule rule{.learning_rate = 1e-2, .weight_decay = 0.1};
    const auto report = trained->Train(kTexts, rule);
    const auto gradients = stepped->GradientOfWeights(kTexts, {});
    ASSERT_TRUE(report.ok() && gradients.ok());
    const auto other = stepped->StepAlong(gradients.value(), rule);
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(other.value().loss, report.value().loss);
    EXPECT_EQ(other.value().gradient_norm, report.value().gradient_norm);
  }
  EXPECT_EQ(trained->Weights().value(), stepped->Weights().value());
  EXPECT_FALSE(stepped->StepAlong({}, {}).ok());
  auto unlike = stepped->GradientOfWeights(kTexts, {}).value();
  unlike.gradients.begin()->second.values.pop_back();
  EXPECT_THAT(stepped->StepAlong(unlike, {}).error().what, HasSubstr("does not fit"));
}

// To first order a shift by r along the steepest way costs r times the length of the gradient, so
// that twice the way costs twice as much, and any way costs something.
TEST_P(TorchNetwork, APerturbationRaisesTheLossAsFarAsItGoes) {
  const auto loss = [&](double perturbation) {
    const auto network = Sample(GetParam());
    return network->Train(kTexts, {.learning_rate = 1e-3, .perturbation = perturbation}).value().loss;
  };
  const double plain = loss(0), near = loss(2e-2) - plain, far = loss(4e-2) - plain;
  EXPECT_GT(near, 0);
  EXPECT_NEAR(far / near, 2, 0.1);
  EXPECT_FALSE(Sample(GetParam())->Train(kTexts, {.perturbation = -1}).ok());
}

TEST(TorchNetworkOfLlama, TellsWhatGoesIntoTheMatrices) {
  const auto network = Sample("llama");
  const auto norms = network->InputNorms(std::vector<Tokens>{kSequence, {1, 20}});
  ASSERT_TRUE(norms.ok());
  // Into the first query matrix goes the normed embedding of each token but the last of its sequence.
  const auto weights = network->Weights().value();
  const std::size_t width = network->Shape().width;
  std::vector<double> squares(width);
  for (const Token token : {1, 20, 33, 47, 20, 1}) {
    const float* const row = weights.at("token_embd.weight").values.data() + static_cast<std::size_t>(token) * width;
    double mean = 0;
    for (std::size_t i = 0; i < width; ++i)
      mean += static_cast<double>(row[i]) * static_cast<double>(row[i]) / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) {
      const double x =
          row[i] / std::sqrt(mean + network->Shape().epsilon) * weights.at("blk.0.attn_norm.weight").values[i];
      squares[i] += x * x;
    }
  }
  const std::vector<double>& told = norms.value().at("blk.0.attn_q.weight");
  ASSERT_EQ(told.size(), width);
  for (std::size_t i = 0; i < width; ++i)
    EXPECT_NEAR(told[i], std::sqrt(squares[i]), 1e-4 * std::sqrt(squares[i]) + 1e-6);
  EXPECT_EQ(norms.value().at("blk.0.attn_k.weight"), told);
  EXPECT_EQ(norms.value().at("blk.1.ffn_down.weight").size(), network->Shape().feed_forward);
}

}  // namespace
}  // namespace ringfort::engines
