#include "training/language_model_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/checkpoint/fresh_checkpoint.h"
#include "engines/checkpoint/learned_vocabulary.h"
#include "engines/torch/torch_library.h"

namespace ringfort::training {
namespace {

using engines::MeanLoss;
using engines::Token;
using Sequences = std::vector<std::vector<Token>>;

// Sentences of a small grammar: what is held out is like what is trained on.
std::vector<std::string> Sentences(std::size_t count, std::size_t from) {
  constexpr std::array<const char*, 5> kWho = {"the cat", "the dog", "a bird", "my aunt", "the king"};
  constexpr std::array<const char*, 5> kDoes = {"sees", "hears", "finds", "loses", "likes"};
  constexpr std::array<const char*, 4> kWhat = {"a house", "the sea", "an old book", "the moon"};
  std::vector<std::string> texts;
  for (std::size_t i = from; i < from + count; ++i)
    texts.push_back(std::string(kWho[i % 5]) + " " + kDoes[(i / 5) % 5] + " " + kWhat[(i / 25) % 4]);
  return texts;
}

struct Setting {
  std::unique_ptr<engines::Network> network;
  Sequences members, held_out;
};

Setting MakeSetting() {
  const std::vector<std::string> texts = Sentences(100, 0);
  auto vocabulary = engines::LearnVocabulary(texts, 320);
  EXPECT_TRUE(vocabulary.ok()) << vocabulary.error().what;
  Setting setting;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<Token> tokens = vocabulary.value().Tokenize(texts[i]).value();
    tokens.insert(tokens.begin(), *vocabulary.value().begin());
    (i % 3 == 0 ? setting.held_out : setting.members).push_back(std::move(tokens));
  }
  const auto checkpoint = engines::FreshCheckpoint(
      {.width = 32, .layers = 2, .heads = 2, .key_heads = 2, .feed_forward = 64, .context = 32}, vocabulary.value(), 1);
  EXPECT_TRUE(checkpoint.ok()) << checkpoint.error().what;
  auto network = engines::LoadTorchNetwork(checkpoint.value());
  EXPECT_TRUE(network.ok()) << network.error().what;
  setting.network = std::move(network).value();
  return setting;
}

TEST(LanguageModelTraining, BeginsAtChance) {
  Setting setting = MakeSetting();
  EXPECT_NEAR(MeanLoss(*setting.network, setting.held_out).value(), std::log(320), 0.1);
  EXPECT_EQ(MeanLoss(*setting.network, {}).value(), 0);
}

TEST(LanguageModelTraining, LearnsWhatItReads) {
  Setting setting = MakeSetting();
  const auto report = TrainLanguageModel(*setting.network, setting.members, setting.held_out,
                                         {.epochs = 15, .batch = 8, .learning_rate = 5e-3});
  ASSERT_TRUE(report.ok()) << report.error().what;
  ASSERT_EQ(report.value().epochs.size(), 15U);
  EXPECT_EQ(report.value().steps, 15 * 9U);  // 66 texts, 8 a step
  EXPECT_LT(report.value().epochs.back().loss, report.value().epochs.front().loss / 3);
  EXPECT_LT(*report.value().epochs.back().held_out_loss, std::log(320) / 2);
  EXPECT_EQ(report.value().epsilon, 0);
}

TEST(LanguageModelTraining, IsTheSameAgain) {
  Setting first = MakeSetting(), second = MakeSetting();
  const TrainingPlan plan{.epochs = 2};
  ASSERT_TRUE(TrainLanguageModel(*first.network, first.members, {}, plan).ok());
  ASSERT_TRUE(TrainLanguageModel(*second.network, second.members, {}, plan).ok());
  EXPECT_EQ(first.network->Weights().value(), second.network->Weights().value());
}

// The weights that are kept are those of the epoch with the least held-out loss.
TEST(LanguageModelTraining, StopsEarlyWithTheBestWeights) {
  Setting setting = MakeSetting();
  setting.members.resize(8);  // few texts: soon learned by heart
  const auto report = TrainLanguageModel(*setting.network, setting.members, setting.held_out,
                                         {.epochs = 60, .batch = 4, .learning_rate = 1e-2, .patience = 3});
  ASSERT_TRUE(report.ok()) << report.error().what;
  const auto& epochs = report.value().epochs;
  EXPECT_LT(epochs.size(), 60U);
  EXPECT_EQ(report.value().best_epoch + 4, epochs.size());
  for (const Epoch& epoch : epochs) EXPECT_GE(*epoch.held_out_loss, *epochs[report.value().best_epoch].held_out_loss);
  EXPECT_NEAR(MeanLoss(*setting.network, setting.held_out).value(), *epochs[report.value().best_epoch].held_out_loss,
              1e-6);
}

TEST(LanguageModelTraining, KeepsItsPrivacyBudget) {
  Setting setting = MakeSetting();
  const auto report = TrainLanguageModel(*setting.network, setting.members, setting.held_out,
                                         {.epochs = 3, .batch = 16, .epsilon = 4, .delta = 1e-3});
  ASSERT_TRUE(report.ok()) << report.error().what;
  EXPECT_GT(report.value().noise, 0.3);
  EXPECT_LE(report.value().epsilon, 4.0001);
  EXPECT_GT(report.value().epsilon, 3.9);
}

class Stop final : public Progress {
 public:
  void Show(std::uint64_t done, std::uint64_t, std::uint64_t, std::uint64_t) override { done_ = done; }
  bool GoOn() override { return done_ < 3; }
  std::uint64_t done_ = 0;
};

TEST(LanguageModelTraining, StopsWhenAsked) {
  Setting setting = MakeSetting();
  Stop stop;
  const auto report = TrainLanguageModel(*setting.network, setting.members, {}, {.epochs = 5, .batch = 4}, &stop);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().stopped);
  EXPECT_EQ(report.value().steps, 3U);
}

TEST(LanguageModelTraining, RefusesWhatCannotBe) {
  Setting setting = MakeSetting();
  const auto reason = [&](Sequences sequences, const TrainingPlan& plan, const Sequences& held_out = {}) {
    const auto report = TrainLanguageModel(*setting.network, sequences, held_out, plan);
    return report.ok() ? std::string() : report.error().what;
  };
  EXPECT_THAT(reason({}, {}), testing::HasSubstr("nothing to train"));
  EXPECT_THAT(reason({{1}}, {}), testing::HasSubstr("two tokens"));
  EXPECT_THAT(reason(setting.members, {.epochs = 0}), testing::HasSubstr("epoch"));
  EXPECT_THAT(reason(setting.members, {.patience = 1}), testing::HasSubstr("held-out"));
  EXPECT_THAT(reason(setting.members, {.epsilon = 1e-9}), testing::HasSubstr("noise"));
  EXPECT_THAT(reason({std::vector<Token>(40, 5)}, {}), testing::HasSubstr("context"));
}

}  // namespace
}  // namespace ringfort::training
