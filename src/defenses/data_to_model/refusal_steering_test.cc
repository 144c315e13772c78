#include "defenses/data_to_model/refusal_steering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/scripted/scripted_model.h"
#include "engines/torch/torch_model.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::ContrastDirection;
using engines::Token;

std::unique_ptr<engines::TorchModel> Sample() {
  auto made = engines::TorchModel::Make(engines::SampleCheckpoint("llama", 3), "");
  return made.ok() ? std::move(made).value() : nullptr;
}

// Between what two prompts leave in the stream.
ContrastDirection Between(engines::TorchModel& model, const std::string& refused, const std::string& answered) {
  const auto directions =
      engines::ContrastDirections(model.network(), std::vector<std::vector<Token>>{model.Sequence(refused).value()},
                                  std::vector<std::vector<Token>>{model.Sequence(answered).value()}, 1);
  EXPECT_TRUE(directions.ok());
  return directions.value().front();
}

TEST(RefusalSteering, PushesTheLengthOfTheDirection) {
  const ContrastDirection direction{.layer = 1, .direction = {4, -3}, .length = 5};
  const engines::StreamEdit edit = SteeringEdit(direction, 0.5);
  EXPECT_EQ(edit.layer, 1U);
  EXPECT_EQ(edit.keep, 1);
  EXPECT_EQ(edit.add, 2.5);
}

TEST(RefusalSteering, TheWayGoesFromAnsweredToRefused) {
  const auto model = Sample();
  if (model == nullptr) GTEST_SKIP() << "built without libtorch";
  const ContrastDirection direction = Between(*model, "the cat at", "a table then");
  const auto way = [&](const std::string& text) {
    return WayToRefusal(model->network(), direction, model->Sequence(text).value()).value();
  };
  EXPECT_NEAR(way("the cat at"), 1, 1e-4);
  EXPECT_NEAR(way("a table then"), 0, 1e-4);
  EXPECT_FALSE(WayToRefusal(model->network(), direction, {}).ok());
}

TEST(RefusalSteering, TheGateLetsPassWhatLiesFar) {
  const auto model = Sample();
  if (model == nullptr) GTEST_SKIP() << "built without libtorch";
  const ContrastDirection direction = Between(*model, "the cat at", "a table then");
  const auto said = [&](engines::Model& by, const std::string& prompt) {
    const auto answer = by.Generate({.prompt = prompt, .maximum_tokens = 8});
    EXPECT_TRUE(answer.ok());
    return answer.value().text;
  };
  const auto gated = SteerModel(*model, direction, {.strength = 8, .gate = 0.5});
  const auto always = SteerModel(*model, direction, {.strength = 8});
  ASSERT_NE(gated, nullptr);
  EXPECT_EQ(said(*gated, "a table then"), said(*model, "a table then"));
  EXPECT_NE(said(*always, "a table then"), said(*model, "a table then"));
  EXPECT_NE(said(*gated, "the cat at"), said(*model, "the cat at"));
  EXPECT_EQ(said(*gated, "the cat at"), said(*always, "the cat at"));
  // Between answers the network is as it was.
  EXPECT_NEAR(WayToRefusal(model->network(), direction, model->Sequence("the cat at").value()).value(), 1, 1e-4);
}

TEST(RefusalSteering, NeedsTheNetwork) {
  engines::ScriptedModel scripted;
  EXPECT_EQ(SteerModel(scripted, {.direction = {1}, .length = 1}, {}), nullptr);
  const auto model = Sample();
  if (model == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_EQ(SteerModel(*model, {.direction = {1}, .length = 1}, {}), nullptr);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
