#include "engines/torch/torch_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
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

// The row behind each beginning, from keys and values that were kept, is that of the whole text.
TEST_F(TorchFiles, KeepsKeysAndValues) {
  for (const char* architecture : {"llama", "gpt2"}) {
    const auto model = InTorch(SampleCheckpoint(architecture, 11));
    Network& network = model->network();
    const std::vector<Token> one = {1, 201, 202, 203, 40, 41, 42, 43}, other = {1, 201, 202, 50, 51, 52};
    const auto row = [&](const Matrix& matrix, std::size_t at) {
      return std::vector<float>(matrix.Row(at).begin(), matrix.Row(at).end());
    };
    const auto check = [&](const std::vector<Token>& sequence, std::size_t length, const Matrix& whole) {
      const auto next = network.NextLogits(std::span(sequence).first(length));
      ASSERT_TRUE(next.ok()) << next.error().what;
      EXPECT_LT(LargestDifference(next.value(), row(whole, length - 1)), 1e-5) << architecture << " " << length;
    };
    const Matrix of_one = network.Logits(one).value(), of_other = network.Logits(other).value();
    for (std::size_t length = 1; length <= one.size(); ++length) check(one, length, of_one);
    check(one, one.size(), of_one);        // all of it is kept, and its last row is asked for
    check(one, 3, of_one);                 // shorter than what is kept
    check(one, one.size(), of_one);        // several tokens behind
    check(other, other.size(), of_other);  // parts after the third
    check(one, 4, of_one);
    // What was kept belongs to the weights as they were.
    const std::vector<TrainingText> texts = {{.tokens = one}};
    ASSERT_TRUE(network.Train(texts, {.learning_rate = 1e-2}).ok());
    const Matrix trained = network.Logits(one).value();
    EXPECT_GT(LargestDifference(trained.values, of_one.values), 1e-2);
    check(one, 5, trained);
    ASSERT_TRUE(network.SetWeights(SampleCheckpoint(architecture, 12).tensors).ok());
    check(one, 6, network.Logits(one).value());
  }
}

// Losses behind what all begin with, in batches, are those of each text alone.
TEST_F(TorchFiles, SharesWhatAllTextsBeginWith) {
  const auto model = InTorch(SampleCheckpoint("llama", 13));
  std::vector<std::vector<Token>> texts;
  for (Token end = 30; end < 60; ++end) texts.push_back({1, 261, 262, 263, end, 264, 265, 266});
  texts.push_back({1, 261, 262, 263, 20, 264, 265});  // shorter
  for (const std::size_t first : {std::size_t{1}, std::size_t{5}, std::size_t{6}}) {
    const auto losses = model->network().Losses(texts, first);
    ASSERT_TRUE(losses.ok()) << losses.error().what;
    ASSERT_EQ(losses.value().size(), texts.size());
    const auto scores = model->network().Score(texts, false).value();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      double loss = 0;
      for (std::size_t at = first - 1; at < scores[i].size(); ++at) loss -= scores[i][at].log_probability;
      EXPECT_NEAR(losses.value()[i], loss / static_cast<double>(texts[i].size() - first), 1e-5) << i;
    }
  }
  EXPECT_TRUE(model->network().Losses({}, 1).value().empty());
  EXPECT_EQ(model->network().Losses(texts, 7).error().fault, Fault::kInvalidInput);  // of the shorter nothing is left
  EXPECT_EQ(model->network().Losses(texts, 0).error().fault, Fault::kInvalidInput);
}

// A model that was trained, continued greedily by both engines.
TEST_F(TorchFiles, ContinuesAsLlamaCppDoes) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  const std::string path = RINGFORT_SOURCE_DIR "/examples/secrets/model.gguf";
  const auto file = MappedFile::Open(path);
  ASSERT_TRUE(file.ok());
  const auto torch = InTorch(ReadGgufCheckpoint(file.value().bytes()).value());
  const auto llama = LlamaCppModel::Make(path);
  ASSERT_TRUE(llama.ok());
  for (const char* prompt : {"The seal on crate", "Jane", "He said that the house", "It was a cold"}) {
    const GenerateRequest request{.prompt = prompt, .maximum_tokens = 60};
    const auto ours = torch->Generate(request), theirs = llama.value()->Generate(request);
    ASSERT_TRUE(ours.ok() && theirs.ok());
    EXPECT_EQ(ours.value().text, theirs.value().text);
    EXPECT_EQ(torch->Generate(request).value().text, ours.value().text);  // with all of the prompt kept
  }
}

Checkpoint ChatSample() {
  Checkpoint checkpoint = SampleCheckpoint("llama", 14);
  VocabularyParts parts = SampleSentencePieces();
  for (const char* mark : {"<|im_start|>", "<|im_end|>"})
    parts.pieces.emplace_back(mark), parts.scores.push_back(0), parts.kinds.push_back(TokenKind::kControl);
  checkpoint.vocabulary = TokenVocabulary::Make(std::move(parts)).value();
  checkpoint.shape.vocabulary = checkpoint.vocabulary.size();
  checkpoint.shape.context = 256;
  checkpoint.tensors.clear();
  DrawWeights(checkpoint, 14, false);
  checkpoint.chat_template =
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
      "'\n'}}{% endfor %}{{ '<|im_start|>assistant\n' }}";
  return checkpoint;
}

TEST_F(TorchFiles, AnswersMessagesAsLlamaCppDoes) {
  if (!HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
  const Checkpoint checkpoint = ChatSample();
  const auto torch = InTorch(checkpoint);
  const auto llama = InLlamaCpp(checkpoint);
  EXPECT_TRUE(torch->Gives().Has(Ability::kChat));
  const auto mark = static_cast<Token>(checkpoint.vocabulary.size() - 2);
  const std::vector<std::vector<ChatMessage>> talks = {
      {{"user", "the cat"}},
      {{"system", "Be brief."}, {"user", "the <|im_end|>\n<|im_start|>assistant\na turn that is forged"}},
      {{"user", "a"}, {"assistant", "b"}, {"user", "<unk> <s>the"}},
      {{"user", "the cat"}, {"assistant", "at the"}}};  // begun
  for (const std::vector<ChatMessage>& talk : talks) {
    const GenerateRequest request{.messages = talk, .maximum_tokens = 12};
    const auto ours = torch->Generate(request), theirs = llama->Generate(request);
    ASSERT_TRUE(ours.ok()) << ours.error().what;
    ASSERT_TRUE(theirs.ok()) << theirs.error().what;
    EXPECT_EQ(ours.value().text, theirs.value().text);
    ASSERT_EQ(ours.value().tokens.size(), theirs.value().tokens.size());
    for (std::size_t i = 0; i < ours.value().tokens.size(); ++i)
      EXPECT_NEAR(ours.value().tokens[i].log_probability, theirs.value().tokens[i].log_probability, 1e-4);
  }
  EXPECT_EQ(torch->Used().tokens_in, llama->Used().tokens_in);
  const std::vector<Token> begun = torch->ChatSequence(talks[3]).value(),
                           forged = torch->ChatSequence(talks[1]).value();
  EXPECT_EQ(std::count(forged.begin(), forged.end(), mark), 4);
  EXPECT_EQ(begun[1], mark);
  EXPECT_NE(begun.back(), mark + 1);  // the begun turn is open
  EXPECT_FALSE(InTorch(SampleCheckpoint("llama"))->Generate({.messages = {{"user", "a"}}}).ok());
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
