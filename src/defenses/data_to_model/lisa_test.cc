#include "defenses/data_to_model/lisa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::Token;
using engines::TrainingText;
using testing::ElementsAre;
using Weights = std::map<std::string, engines::WeightTensor>;

std::vector<TrainingText> Texts(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<TrainingText> texts(count);
  for (TrainingText& text : texts) {
    text.tokens.push_back(1);
    for (int i = 0; i < 10; ++i) text.tokens.push_back(static_cast<Token>(3 + random.Below(250)));
  }
  return texts;
}

double Loss(engines::Network& network, const std::vector<TrainingText>& texts) {
  std::vector<std::vector<Token>> sequences;
  for (const TrainingText& text : texts) sequences.push_back(text.tokens);
  return engines::MeanLoss(network, sequences).value();
}

TEST(Lisa, PartOfTheWayIsOnTheWay) {
  const Weights from = {{"w", {{2}, {1, 5}}}}, to = {{"w", {{2}, {3, 1}}}};
  EXPECT_THAT(PartOfTheWay(from, to, 0.25).value().at("w").values, ElementsAre(1.5, 4));
  EXPECT_THAT(PartOfTheWay(from, to, 0).value().at("w").values, ElementsAre(1, 5));
  EXPECT_THAT(PartOfTheWay(from, to, 1).value().at("w").values, ElementsAre(3, 1));
  EXPECT_FALSE(PartOfTheWay(from, {}, 1).ok());
  EXPECT_FALSE(PartOfTheWay(from, {{"v", {{2}, {3, 1}}}}, 1).ok());
  EXPECT_FALSE(PartOfTheWay(from, {{"w", {{1}, {3}}}}, 1).ok());
}

TEST(Lisa, LearnsTheTaskAndHoldsOnToAlignment) {
  const std::vector<TrainingText> alignment = Texts(6, 1), task = Texts(6, 2);
  const auto tuned = [&](double pull, std::uint32_t alignment_steps) -> std::unique_ptr<engines::Network> {
    auto network = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
    if (!network.ok()) return nullptr;
    for (int step = 0; step < 60; ++step) EXPECT_TRUE(network.value()->Train(alignment, {.learning_rate = 5e-3}).ok());
    const auto report = TuneWithLisa(*network.value(), alignment, task,
                                     {.rounds = 6,
                                      .alignment_steps = alignment_steps,
                                      .task_steps = 8,
                                      .batch = 6,
                                      .learning_rate = 5e-3,
                                      .pull = pull});
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.value().steps, 6 * (8 + alignment_steps));
    return std::move(network).value();
  };
  const auto free = tuned(0, 1), held = tuned(0, 8), drawn = tuned(60, 8);
  if (free == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_LT(Loss(*held, task), 2);
  // More steps on alignment hold on to it; a strong pull holds the task back as well.
  EXPECT_LT(Loss(*held, alignment), Loss(*free, alignment));
  EXPECT_GT(Loss(*drawn, task), Loss(*held, task));
}

TEST(Lisa, TheShareThatIsKeptIsThatOfTheFormula) {
  auto network = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  if (!network.ok()) GTEST_SKIP() << "built without libtorch";
  const auto report =
      TuneWithLisa(*network.value(), Texts(2, 1), Texts(2, 2),
                   {.rounds = 1, .alignment_steps = 1, .task_steps = 3, .learning_rate = 0.01, .pull = 10});
  ASSERT_TRUE(report.ok());
  EXPECT_DOUBLE_EQ(report.value().kept_alignment, 0.9);
  EXPECT_DOUBLE_EQ(report.value().kept_task, std::pow(0.9, 3));
}

TEST(Lisa, RefusesWhatCannotBe) {
  auto network = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  if (!network.ok()) GTEST_SKIP() << "built without libtorch";
  const std::vector<TrainingText> texts = Texts(2, 1);
  EXPECT_FALSE(TuneWithLisa(*network.value(), {}, texts, {}).ok());
  EXPECT_FALSE(TuneWithLisa(*network.value(), texts, {}, {}).ok());
  EXPECT_FALSE(TuneWithLisa(*network.value(), texts, texts, {.rounds = 0}).ok());
  EXPECT_FALSE(TuneWithLisa(*network.value(), texts, texts, {.learning_rate = 0.1, .pull = 10}).ok());
  EXPECT_FALSE(TuneWithLisa(*network.value(), texts, texts, {.pull = -1}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
