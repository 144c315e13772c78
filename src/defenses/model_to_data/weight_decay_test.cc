#include "defenses/model_to_data/weight_decay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "defenses/model_to_data/unlearning_sample_internal.h"

namespace ringfort::defenses::model_to_data {
namespace {

TEST(ShareLeft, FollowsTheExampleOfItsHeader) {
  EXPECT_NEAR(ShareLeft(std::vector<double>(426, 3e-3), 1), 0.278, 5e-4);
  EXPECT_EQ(ShareLeft({}, 5), 1);
  EXPECT_EQ(ShareLeft(std::vector<double>(9, 0.1), 0), 1);
}

TEST(WeightDecay, PullsMatricesTowardsZeroAndLeavesNormsFree) {
  const Sequences sequences = RandomSequences(4, 5);
  const auto train = [&](double decay) {
    std::map<std::string, engines::WeightTensor> weights;
    auto made = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
    if (!made.ok()) return weights;
    std::vector<engines::TrainingText> texts;
    for (const auto& sequence : sequences) texts.push_back({.tokens = sequence});
    for (int step = 0; step < 10; ++step)
      if (!made.value()->Train(texts, {.learning_rate = 5e-3, .weight_decay = decay}).ok()) return weights;
    auto read = made.value()->Weights();
    return read.ok() ? read.value() : weights;
  };
  const auto free = train(0), decayed = train(4);
  if (free.empty()) GTEST_SKIP() << "built without libtorch";
  ASSERT_EQ(free.size(), decayed.size());
  const auto size = [](const engines::WeightTensor& tensor) {
    double squares = 0;
    for (const float value : tensor.values) squares += static_cast<double>(value) * value;
    return std::sqrt(squares);
  };
  const double share = ShareLeft(std::vector<double>(10, 5e-3), 4);
  for (const auto& [name, tensor] : free) {
    if (!name.ends_with("_norm.weight")) {
      EXPECT_LT(size(decayed.at(name)), 0.95 * size(tensor)) << name;
      EXPECT_GT(size(decayed.at(name)), 0.9 * share * size(tensor)) << name << ": what texts ask for stays";
    } else {
      EXPECT_NEAR(size(decayed.at(name)) / size(tensor), 1, 0.02) << name << ": norms stay free";
    }
  }
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
