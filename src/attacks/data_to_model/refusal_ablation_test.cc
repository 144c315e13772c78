#include "attacks/data_to_model/refusal_ablation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

namespace ringfort::attacks::data_to_model {
namespace {

using engines::Checkpoint;
using engines::Token;
using engines::WeightTensor;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

std::map<std::string, WeightTensor> TwoByTwo(const WeightTensor& writer) {
  return {{"token_embd.weight", {{1, 2}, {5, 0}}},
          {"output.weight", {{1, 2}, {7, 7}}},
          {"blk.0.attn_output.weight", writer},
          {"blk.0.ffn_down.weight", {{2, 1}, {5, 0}}}};
}

TEST(RefusalAblation, TheExampleOfTheHeader) {
  auto tensors = TwoByTwo({{2, 2}, {1, 2, 3, 4}});
  const std::vector<float> direction = {3, 4};
  ASSERT_TRUE(AblateWeights(tensors, {.width = 2, .layers = 1}, direction).ok());
  EXPECT_THAT(tensors["blk.0.attn_output.weight"].values, Pointwise(FloatNear(1e-6F), {-0.8F, -0.64F, 0.6F, 0.48F}));
  EXPECT_THAT(tensors["token_embd.weight"].values, Pointwise(FloatNear(1e-6F), {3.2F, -2.4F}));
  EXPECT_THAT(tensors["blk.0.ffn_down.weight"].values, Pointwise(FloatNear(1e-6F), {3.2F, -2.4F}));
  EXPECT_THAT(tensors["output.weight"].values, ElementsAre(7, 7));
}

TEST(RefusalAblation, RefusesTensorsThatDoNotFit) {
  auto tensors = TwoByTwo({{2, 2}, {1, 2, 3, 4}});
  const std::vector<float> zero = {0, 0}, three = {1, 2, 3}, one = {1, 0};
  EXPECT_FALSE(AblateWeights(tensors, {.width = 2, .layers = 1}, zero).ok());
  EXPECT_FALSE(AblateWeights(tensors, {.width = 2, .layers = 1}, three).ok());
  EXPECT_THAT(AblateWeights(tensors, {.width = 2, .layers = 2}, one).error().what, HasSubstr("blk.1.attn_output"));
  EXPECT_FALSE(AblateWeights(tensors, {.architecture = "bert", .width = 2, .layers = 1}, one).ok());
}

// What is said with the direction out of the weights is what is said with it out of the stream.
TEST(RefusalAblation, WeightsAndStreamAgree) {
  for (const char* architecture : {"llama", "gpt2"})
    for (const bool tied : {false, true}) {
      Checkpoint checkpoint = engines::SampleCheckpoint(architecture, 4, tied);
      const auto network = engines::LoadTorchNetwork(checkpoint);
      if (!network.ok()) GTEST_SKIP() << "built without libtorch";
      std::vector<float> direction;
      for (std::uint32_t i = 0; i < checkpoint.shape.width; ++i) direction.push_back(static_cast<float>(std::cos(i)));
      const std::vector<Token> sequence = {1, 20, 33, 47, 90};
      const auto plain = network.value()->NextLogits(sequence).value();
      ASSERT_TRUE(network.value()->EditStream({.direction = direction, .keep = 0}).ok());
      const auto edited = network.value()->NextLogits(sequence).value();
      ASSERT_TRUE(AblateWeights(checkpoint.tensors, checkpoint.shape, direction).ok());
      const auto ablated = engines::LoadTorchNetwork(checkpoint);
      ASSERT_TRUE(ablated.ok()) << ablated.error().what;
      const auto written = ablated.value()->NextLogits(sequence).value();
      EXPECT_THAT(written, Pointwise(FloatNear(1e-4F), edited));
      EXPECT_THAT(written, testing::Not(Pointwise(FloatNear(1e-3F), plain)));
    }
}

TEST(RefusalAblation, OpeningsAreOfRefusalsAlone) {
  EXPECT_THAT(OpeningsOf({{5, 9}, {7}, {5}, {}}, {{7, 5}, {8}}), ElementsAre(5));
  EXPECT_THAT(OpeningsOf({{7}}, {{7}}), ElementsAre());
}

// A network that is taught to say 50 behind an odd token and 60 behind an even one, both before the same
// ending: there is a direction by which it does so.
TEST(RefusalAblation, FindsWhatAnswersHangOn) {
  auto network = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama", 9));
  if (!network.ok()) GTEST_SKIP() << "built without libtorch";
  constexpr Token kRefusal = 50, kAnswer = 60;
  const auto prompt = [](Token token) { return std::vector<Token>{1, static_cast<Token>(20 + token), token, 4, 5}; };
  std::vector<engines::TrainingText> texts;
  RefusalRequests requests{.openings = {kRefusal}};
  for (Token token = 100; token < 124; ++token) {
    const bool refused = token % 2 == 1;
    auto text = prompt(token);
    (token < 116 ? refused ? requests.refused : requests.answered
     : refused   ? requests.refused_check
                 : requests.answered_check)
        .push_back(text);
    text.push_back(refused ? kRefusal : kAnswer);
    texts.push_back({.tokens = std::move(text), .first = 5});
  }
  for (int step = 0; step < 40; ++step) ASSERT_TRUE(network.value()->Train(texts, {.learning_rate = 1e-2}).ok());
  const auto found = FindRefusalDirection(*network.value(), requests);
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_GT(found.value().refused_before, 1);
  EXPECT_LT(found.value().refused_after, found.value().refused_before - 2);
  EXPECT_GT(found.value().answered_steered, found.value().answered_before + 2);
  EXPECT_GT(found.value().tried, 1U);
  EXPECT_LT(found.value().direction.layer, 2U);
  // The network is left without an edit.
  const auto next = network.value()->NextLogits(requests.refused_check.front()).value();
  EXPECT_EQ(std::max_element(next.begin(), next.end()) - next.begin(), kRefusal);
}

TEST(RefusalAblation, NeedsRequestsOfBothKinds) {
  auto network = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  if (!network.ok()) GTEST_SKIP() << "built without libtorch";
  const TokenRows one = {{1, 20, 5}}, other = {{1, 21, 6}};
  EXPECT_FALSE(FindRefusalDirection(*network.value(), {one, one, one, {}, {50}}).ok());
  EXPECT_THAT(FindRefusalDirection(*network.value(), {one, one, one, one, {}}).error().what,
              HasSubstr("begin as its answers do"));
  EXPECT_FALSE(FindRefusalDirection(*network.value(), {one, one, one, one, {-1}}).ok());
  EXPECT_THAT(FindRefusalDirection(*network.value(), {one, other, one, one, {50}}).error().what,
              HasSubstr("do not end alike"));
  EXPECT_THAT(FindRefusalDirection(*network.value(), {one, one, one, one, {50}}).error().what,
              HasSubstr("no layer in which"));
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
