#include "engines/torch/torch_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "conformance/model_conformance.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/llama_cpp/llama_cpp_model.h"

namespace ringfort::engines {
namespace {

std::string StoriesPath() { return RINGFORT_SOURCE_DIR "/../shared/data/models/stories260K.gguf"; }
bool HasStories() { return std::filesystem::exists(StoriesPath()); }
constexpr const char* kAbsent = "the shared model stories260K.gguf is not there";

std::unique_ptr<TorchModel> InTorch(Checkpoint checkpoint) {
  auto made = TorchModel::Make(std::move(checkpoint), "");
  EXPECT_TRUE(made.ok()) << made.error().what;
  return made.ok() ? std::move(made).value() : nullptr;
}

Checkpoint Stories() {
  const auto file = MappedFile::Open(StoriesPath());
  EXPECT_TRUE(file.ok());
  auto checkpoint = ReadGgufCheckpoint(file.value().bytes());
  EXPECT_TRUE(checkpoint.ok()) << checkpoint.error().what;
  return std::move(checkpoint).value();
}

constexpr std::initializer_list<Ability> kDecoder = {
    Ability::kTokens,          Ability::kScores,    Ability::kMoments,        Ability::kLogits,
    Ability::kTopAlternatives, Ability::kLogitBias, Ability::kGenerate,       Ability::kEmbeddings,
    Ability::kHiddenStates,    Ability::kAdapters,  Ability::kInputGradients, Ability::kTraining,
    Ability::kWeights};

INSTANTIATE_TEST_SUITE_P(Torch, ModelConformance,
                         testing::Values(ModelUnderTest{.name = "stories",
                                                        .make = []() -> std::unique_ptr<Model> {
                                                          return HasStories() ? InTorch(Stories()) : nullptr;
                                                        },
                                                        .absent = kAbsent,
                                                        .tolerance = 1e-4,
                                                        .gives = kDecoder},
                                         ModelUnderTest{.name = "gpt2",
                                                        .make = [] { return InTorch(SampleCheckpoint("gpt2")); },
                                                        .tolerance = 1e-4,
                                                        .gives = kDecoder}),
                         testing::PrintToStringParamName());

// A file in a folder of its own, gone at the end.
class TorchFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("ringfort-torch-" + std::to_string(getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::unique_ptr<LlamaCppModel> InLlamaCpp(const Checkpoint& checkpoint) const {
    const auto bytes = WriteGgufCheckpoint(checkpoint);
    EXPECT_TRUE(bytes.ok()) << bytes.error().what;
    auto made = LlamaCppModel::Make(Write("model.gguf", bytes.value()));
    EXPECT_TRUE(made.ok()) << made.error().what;
    return made.ok() ? std::move(made).value() : nullptr;
  }
  std::filesystem::path folder_;
};

double LargestDifference(std::span<const float> a, std::span<const float> b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return largest;
}

const std::string kText = "The cat sat at the table, and then it ran (1 2 34)\nthere  and back.";

// Every logit of both engines on one text; the tokens must be the same before.
double LogitsApart(TorchModel& torch, LlamaCppModel& llama) {
  const auto tokens = torch.Tokenize(kText), other = llama.Tokenize(kText);
  EXPECT_TRUE(tokens.ok() && other.ok());
  EXPECT_EQ(tokens.value(), other.value());
  const auto ours = torch.Logits(tokens.value()), theirs = llama.Logits(other.value());
  EXPECT_TRUE(ours.ok() && theirs.ok());
  return LargestDifference(ours.value().values, theirs.value().values);
}

// The bound for F32.
TEST_F(TorchFiles, AgreesWithLlamaCppOnTheRealModel) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  if (!HasStories()) GTEST_SKIP() << kAbsent;
  const auto torch = InTorch(Stories());
  auto llama = LlamaCppModel::Make(StoriesPath());
  ASSERT_TRUE(llama.ok());
  const double apart = LogitsApart(*torch, *llama.value());
  EXPECT_LT(apart, 1e-4);
  RecordProperty("apart", std::to_string(apart));
  const auto tokens = torch->Tokenize(kText);
  const auto ours = torch->HiddenStates(tokens.value()), theirs = llama.value()->HiddenStates(tokens.value());
  ASSERT_TRUE(ours.ok() && theirs.ok());
  ASSERT_EQ(ours.value().size(), theirs.value().size());
  for (std::size_t layer = 0; layer < ours.value().size(); ++layer)
    EXPECT_LT(LargestDifference(ours.value()[layer].values, theirs.value()[layer].values), 1e-4) << layer;
  const std::vector<std::string> texts = {kText, "Once upon a time"};
  const auto a = torch->Embed(texts), b = llama.value()->Embed(texts);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_LT(LargestDifference(a.value().values, b.value().values), 1e-4);
}

TEST_F(TorchFiles, AgreesWithLlamaCppOnSharedKeysAndTiedOutput) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  for (const bool tied : {false, true}) {
    const Checkpoint checkpoint = SampleCheckpoint("llama", 3, tied);
    EXPECT_LT(LogitsApart(*InTorch(checkpoint), *InLlamaCpp(checkpoint)), 1e-4) << tied;
  }
}

TEST_F(TorchFiles, AgreesWithLlamaCppOnGpt2) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  const Checkpoint checkpoint = SampleCheckpoint("gpt2", 4, true);
  EXPECT_LT(LogitsApart(*InTorch(checkpoint), *InLlamaCpp(checkpoint)), 2e-3);  // its GELU is a table of halves
}

TEST_F(TorchFiles, AgreesWithLlamaCppOnBert) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  const Checkpoint checkpoint = SampleCheckpoint("bert", 5);
  const auto torch = InTorch(checkpoint);
  const auto llama = InLlamaCpp(checkpoint);
  const std::vector<std::string> texts = {"The cat, the cat.", "a table"};
  const auto ours = torch->Embed(texts), theirs = llama->Embed(texts);
  ASSERT_TRUE(ours.ok()) << ours.error().what;
  ASSERT_TRUE(theirs.ok()) << theirs.error().what;
  EXPECT_LT(LargestDifference(ours.value().values, theirs.value().values), 2e-3);
  EXPECT_EQ(torch->Logits(torch->Tokenize("cat").value()).error().fault, Fault::kUnsupported);
}

// The gradient is what finite differences say, of the embedding of one token.
TEST_F(TorchFiles, GradientsAreThoseOfTheLoss) {
  const Checkpoint checkpoint = SampleCheckpoint("llama", 6);
  const auto model = InTorch(checkpoint);
  const std::vector<Token> sequence = {1, 270, 271, 272, 273};
  const auto gradients = model->network().GradientOfInputs(sequence, 2);
  ASSERT_TRUE(gradients.ok()) << gradients.error().what;
  const auto loss_with = [&](std::size_t column, float change) {
    Checkpoint moved = checkpoint;  // token 271 stands once, and the output is not tied
    moved.tensors["token_embd.weight"].values[271 * moved.shape.width + column] += change;
    const auto scores = InTorch(moved)->network().Score(std::vector<std::vector<Token>>{sequence}, false);
    double loss = 0;
    for (std::size_t i = 1; i < 4; ++i) loss -= scores.value()[0][i].log_probability / 3;
    return loss;
  };
  EXPECT_NEAR(gradients.value().loss, loss_with(0, 0), 1e-5);
  for (const std::size_t column : {0U, 7U, 47U})
    EXPECT_NEAR(gradients.value().gradient.Row(2)[column],
                (loss_with(column, 0.004F) - loss_with(column, -0.004F)) / 0.008, 5e-4);
}

double LossOn(TorchModel& model, const std::vector<Token>& sequence) {
  const auto scores = model.network().Score(std::vector<std::vector<Token>>{sequence}, false);
  double loss = 0;
  for (const PlaceScore& place : scores.value()[0]) loss -= place.log_probability;
  return loss / static_cast<double>(scores.value()[0].size());
}

TEST_F(TorchFiles, LearnsATextAndUnlearnsIt) {
  const auto model = InTorch(SampleCheckpoint("llama", 7));
  const std::vector<Token> text = model->Sequence("the cat sat at the table").value();
  const double before = LossOn(*model, text);
  for (int step = 0; step < 30; ++step) {
    const std::vector<TrainingText> texts = {{.tokens = text}};
    const auto report = model->network().Train(texts, {.learning_rate = 3e-3});
    ASSERT_TRUE(report.ok()) << report.error().what;
    if (step == 0) {
      EXPECT_NEAR(report.value().loss, before, 1e-4);
    }
  }
  const double learned = LossOn(*model, text);
  EXPECT_LT(learned, before / 4);
  const std::vector<TrainingText> unlearn = {{.tokens = text, .weight = -1}};
  for (int step = 0; step < 20; ++step) ASSERT_TRUE(model->network().Train(unlearn, {.learning_rate = 3e-3}).ok());
  EXPECT_GT(LossOn(*model, text), learned * 1.5);
}

// What was trained is what is written, and another engine sees the same.
TEST_F(TorchFiles, WritesWhatItLearned) {
  const auto model = InTorch(SampleCheckpoint("llama", 8));
  const std::vector<Token> text = model->Sequence("the cat sat").value();
  const std::vector<TrainingText> texts = {{.tokens = text}};
  for (int step = 0; step < 5; ++step) ASSERT_TRUE(model->network().Train(texts, {}).ok());
  const auto now = model->Now();
  ASSERT_TRUE(now.ok());
  EXPECT_NEAR(LossOn(*InTorch(now.value()), text), LossOn(*model, text), 1e-5);
  if (HasLlamaCpp()) {
    EXPECT_LT(LogitsApart(*model, *InLlamaCpp(now.value())), 1e-4);
  }
}

TEST_F(TorchFiles, TrainsAnAdapterThatLlamaCppLaysOver) {
  const Checkpoint checkpoint = SampleCheckpoint("llama", 9);
  const auto model = InTorch(checkpoint);
  const std::vector<Token> text = model->Sequence("the cat sat at the table").value();
  const double before = LossOn(*model, text);
  ASSERT_TRUE(model->network().StartAdapter(4, 8, 1).ok());
  EXPECT_NEAR(LossOn(*model, text), before, 1e-6);  // the second factor is zero
  const std::vector<TrainingText> texts = {{.tokens = text}};
  for (int step = 0; step < 30; ++step) ASSERT_TRUE(model->network().Train(texts, {.learning_rate = 1e-2}).ok());
  EXPECT_LT(LossOn(*model, text), before / 2);
  EXPECT_EQ(model->network().Weights().value(), checkpoint.tensors);  // they stayed
  const auto adapter = model->network().Adapter();
  ASSERT_TRUE(adapter.ok());
  const std::string path = Write("adapter.gguf", WriteGgufAdapter(adapter.value()));
  const auto fresh = InTorch(checkpoint);
  ASSERT_TRUE(fresh->UseAdapter(path, 1).ok());
  EXPECT_NEAR(LossOn(*fresh, text), LossOn(*model, text), 1e-5);
  if (HasLlamaCpp()) {
    const auto llama = InLlamaCpp(checkpoint);
    ASSERT_TRUE(llama->UseAdapter(path, 1).ok());
    EXPECT_LT(LogitsApart(*model, *llama), 2e-4);
  }
  ASSERT_TRUE(fresh->UseAdapter(path, 0).ok());
  EXPECT_NEAR(LossOn(*fresh, text), before, 1e-6);
}

// Cut gradients move the weights by no more than the rule lets them; noise alone moves them too.
TEST_F(TorchFiles, TrainsPrivately) {
  const auto model = InTorch(SampleCheckpoint("llama", 10));
  const std::vector<Token> text = model->Sequence("the cat sat at the table").value();
  const std::vector<TrainingText> texts(2, {.tokens = text});
  const auto quiet = model->network().Train(texts, {.private_clip = 0.01, .expected_texts = 2});
  ASSERT_TRUE(quiet.ok()) << quiet.error().what;
  EXPECT_NEAR(quiet.value().gradient_norm, 0.01, 1e-5);  // both point the same way, both are cut
  const auto noisy = model->network().Train({}, {.private_clip = 0.01, .noise = 2, .expected_texts = 2});
  ASSERT_TRUE(noisy.ok());
  const double parameters = static_cast<double>(model->Facts().parameters);
  EXPECT_NEAR(noisy.value().gradient_norm, 0.01 * std::sqrt(parameters), 0.01 * std::sqrt(parameters) * 0.05);
  EXPECT_FALSE(model->network().Train({}, {}).ok());
  EXPECT_FALSE(model->network().Train(texts, {.private_clip = 1}).ok());  // nobody said how many to expect
}

TEST_F(TorchFiles, RefusesWhatCannotBe) {
  const auto model = InTorch(SampleCheckpoint("llama"));
  Network& network = model->network();
  const std::vector<Token> outside = {1, 100'000}, negative = {-1}, longer(65, 1);
  EXPECT_EQ(network.Logits(outside).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.Logits(negative).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.Logits(longer).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.Logits({}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.GradientOfInputs(std::vector<Token>{1, 2}, 2).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.SetWeights({}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.StartAdapter(0, 1, 1).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(network.UseAdapter({}, 1).error().fault, Fault::kInvalidInput);
  const std::vector<TrainingText> nothing = {{.tokens = {1, 2}, .first = 2}};
  EXPECT_EQ(network.Train(nothing, {}).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
