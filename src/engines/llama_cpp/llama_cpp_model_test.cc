#include "engines/llama_cpp/llama_cpp_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "conformance/model_conformance.h"

namespace ringfort::engines {
namespace {

// A real model of children's stories: LLaMA, 5 layers, width 64, all F32.
std::string StoriesPath() { return RINGFORT_SOURCE_DIR "/../shared/data/models/stories260K.gguf"; }
bool HasStories() { return std::filesystem::exists(StoriesPath()); }
constexpr const char* kAbsent = "the shared model stories260K.gguf is not there";

std::unique_ptr<LlamaCppModel> Stories(const LlamaCppOptions& options = {}) {
  auto made = LlamaCppModel::Make(StoriesPath(), options);
  EXPECT_TRUE(made.ok()) << made.error().what;
  return made.ok() ? std::move(made).value() : nullptr;
}

INSTANTIATE_TEST_SUITE_P(LlamaCpp, ModelConformance,
                         testing::Values(ModelUnderTest{
                             .name = "stories",
                             .make = []() -> std::unique_ptr<Model> { return HasStories() ? Stories() : nullptr; },
                             .absent = kAbsent,
                             .tolerance = 1e-4,
                             .gives = {Ability::kTokens, Ability::kScores, Ability::kMoments, Ability::kLogits,
                                       Ability::kTopAlternatives, Ability::kLogitBias, Ability::kGenerate,
                                       Ability::kEmbeddings, Ability::kHiddenStates, Ability::kAdapters,
                                       Ability::kWeights}}),
                         testing::PrintToStringParamName());

class LlamaCpp : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasStories()) GTEST_SKIP() << kAbsent;
    folder_ = std::filesystem::temp_directory_path() / ("ringfort-llama-" + std::to_string(getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view bytes) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string StoriesBytes() {
    std::ostringstream bytes;
    bytes << std::ifstream(StoriesPath(), std::ios::binary).rdbuf();
    return bytes.str();
  }
  // Makes the model from these bytes, which it should refuse with these words.
  void ExpectRefused(std::string_view bytes, std::string_view words, Fault fault = Fault::kInvalidInput) const {
    const auto made = LlamaCppModel::Make(Write("hostile.gguf", bytes));
    ASSERT_FALSE(made.ok()) << words;
    EXPECT_EQ(made.error().fault, fault) << made.error().what;
    EXPECT_NE(made.error().what.find(words), std::string::npos) << made.error().what;
    EXPECT_EQ(made.error().what.find('\n'), std::string::npos) << made.error().what;
  }

  std::filesystem::path folder_;
};

TEST_F(LlamaCpp, KnowsTheModel) {
  const auto model = Stories();
  const ModelFacts& facts = model->Facts();
  EXPECT_EQ(facts.engine, "llama_cpp");
  EXPECT_FALSE(facts.engine_version.empty());
  EXPECT_EQ(facts.architecture, "llama");
  EXPECT_EQ(facts.parameters, 292'800U);
  EXPECT_EQ(facts.vocabulary, 512U);
  EXPECT_EQ(facts.layers, 5U);
  EXPECT_EQ(facts.hidden_dimension, 64U);
  EXPECT_EQ(facts.context, 2'048U);
  EXPECT_FALSE(facts.has_chat_template);
  EXPECT_EQ(facts.digest, "270cba1bd5109f42d03350f60406024560464db173c0e387d91f0426d3bd256d");
  EXPECT_EQ(Stories({.context = 100})->Facts().context, 100U);
  EXPECT_EQ(Stories({.context = 1'000'000})->Facts().context, 2'048U);
}

// What the model is known for: its authors show this beginning.
TEST_F(LlamaCpp, TellsAStory) {
  const auto model = Stories();
  const auto story = model->Generate({.prompt = "Once upon a time", .maximum_tokens = 16});
  ASSERT_TRUE(story.ok()) << story.error().what;
  EXPECT_TRUE(story.value().text.starts_with(", there was a little girl named")) << story.value().text;
  const std::vector<std::string> texts = {"Once upon a time, there was a little girl named Lily.",
                                          "Lily little upon girl a was there, named a Once time."};
  const auto scores = model->Score(texts, false);
  ASSERT_TRUE(scores.ok());
  EXPECT_GT(scores.value()[0].Mean(), scores.value()[1].Mean() + 1);
}

// The first token stands behind the begin token and is scored; the texts of the tokens
// make the text.
TEST_F(LlamaCpp, ScoresEveryTokenOfAText) {
  const auto model = Stories();
  const std::string text = "The cat sat. \xE2\x82\xAC";
  const auto tokens = model->Tokenize(text);
  const auto scores = model->Score(std::span(&text, 1), false);
  ASSERT_TRUE(tokens.ok() && scores.ok());
  ASSERT_EQ(scores.value()[0].tokens.size(), tokens.value().size());
  std::string joined;
  for (const TokenScore& token : scores.value()[0].tokens) joined += token.text;
  EXPECT_EQ(joined, text);
}

TEST_F(LlamaCpp, ScoresInCompanyAsAlone) {
  const auto model = Stories();
  Random random(5);
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {  // more than one batch holds, some longer than a batch
    std::string text;
    const std::uint64_t words = i == 7 ? 700 : random.Below(60);
    for (std::uint64_t word = 0; word < words; ++word)
      text += (word == 0 ? "" : " ") + std::string(random.Below(2) == 0 ? "dog" : "tree");
    texts.push_back(text);
  }
  const auto together = model->Score(texts, true);
  ASSERT_TRUE(together.ok()) << together.error().what;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = model->Score(std::span(&texts[i], 1), true);
    ASSERT_TRUE(alone.ok());
    const auto &one = alone.value()[0].tokens, &other = together.value()[i].tokens;
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t j = 0; j < one.size(); ++j) {
      ASSERT_EQ(one[j].token, other[j].token);
      ASSERT_NEAR(one[j].log_probability, other[j].log_probability, 1e-4) << i << ' ' << j;
      ASSERT_NEAR(*one[j].expected_log_probability, *other[j].expected_log_probability, 1e-4);
    }
  }
}

TEST_F(LlamaCpp, ThreadsDoNotChangeTheNumbers) {
  const std::vector<std::string> texts = {"One day, a big bird saw a small fish in the water."};
  const auto one = Stories({.threads = 1})->Score(texts, false), two = Stories({.threads = 2})->Score(texts, false);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NEAR(one.value()[0].Sum(), two.value()[0].Sum(), 1e-4);
}

TEST_F(LlamaCpp, ShowsTheLayersOfALongText) {
  const auto model = Stories();
  std::vector<Token> tokens(600);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<Token>(259 + i % 200);
  const auto whole = model->HiddenStates(tokens), part = model->HiddenStates(std::span(tokens).first(20));
  ASSERT_TRUE(whole.ok() && part.ok()) << whole.error().what;
  ASSERT_EQ(whole.value().size(), 5U);
  for (std::size_t layer = 0; layer < 5; ++layer) {
    ASSERT_EQ(whole.value()[layer].rows, 600U);
    for (std::size_t i = 0; i < part.value()[layer].values.size(); ++i)
      ASSERT_NEAR(part.value()[layer].values[i], whole.value()[layer].values[i], 1e-3);
  }
  EXPECT_NE(whole.value()[0].values, whole.value()[4].values);
}

// The smallest GGUF adapter there is: one pair of matrices on one layer's query.
std::string QueryAdapter(float strength) {
  std::string bytes = "GGUF";
  const auto put = [&](const auto& number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof(number)); };
  const auto put_text = [&](std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes += text;
  };
  const auto put_value = [&](std::string_view key, std::string_view value) {
    put_text(key);
    put(std::uint32_t{8});
    put_text(value);
  };
  put(std::uint32_t{3});
  put(std::uint64_t{2});  // tensors
  put(std::uint64_t{4});  // values
  put_value("general.type", "adapter");
  put_value("general.architecture", "llama");
  put_value("adapter.type", "lora");
  put_text("adapter.lora.alpha");
  put(std::uint32_t{6});
  put(2.0F);
  constexpr std::uint64_t kWidth = 64, kRank = 2;
  const auto put_tensor = [&](std::string_view name, std::uint64_t fast, std::uint64_t slow, std::uint64_t offset) {
    put_text(name);
    put(std::uint32_t{2});
    put(fast);
    put(slow);
    put(std::uint32_t{0});
    put(offset);
  };
  put_tensor("blk.0.attn_q.weight.lora_a", kWidth, kRank, 0);
  put_tensor("blk.0.attn_q.weight.lora_b", kRank, kWidth, kWidth * kRank * sizeof(float));
  bytes.resize((bytes.size() + 31) / 32 * 32);
  for (std::uint64_t i = 0; i < 2 * kWidth * kRank; ++i) put(strength * static_cast<float>(i % 7) - strength * 3);
  return bytes;
}

TEST_F(LlamaCpp, LaysAnAdapterOverTheWeights) {
  const auto model = Stories();
  const std::vector<std::string> texts = {"Once upon a time there was a dog."};
  const double plain = model->Score(texts, false).value()[0].Sum();
  ASSERT_TRUE(model->UseAdapter(Write("nothing.gguf", QueryAdapter(0)), 1).ok());
  EXPECT_NEAR(model->Score(texts, false).value()[0].Sum(), plain, 1e-4);
  const Status laid = model->UseAdapter(Write("some.gguf", QueryAdapter(0.3F)), 1);
  ASSERT_TRUE(laid.ok()) << laid.error().what;
  const double changed = model->Score(texts, false).value()[0].Sum();
  EXPECT_GT(std::abs(changed - plain), 0.01);
  ASSERT_TRUE(model->UseAdapter(folder_ / "some.gguf", 0.5).ok());
  EXPECT_GT(std::abs(model->Score(texts, false).value()[0].Sum() - changed), 0.001);
  ASSERT_TRUE(model->UseAdapter({}, 0).ok());
  EXPECT_EQ(model->Score(texts, false).value()[0].Sum(), plain);

  EXPECT_FALSE(model->UseAdapter(StoriesPath(), 1).ok()) << "a model is no adapter";
  EXPECT_FALSE(model->UseAdapter(folder_ / "absent.gguf", 1).ok());
  EXPECT_EQ(model->Score(texts, false).value()[0].Sum(), plain) << "what failed changed nothing";
  EXPECT_FALSE(LlamaCppModel::Make(folder_ / "some.gguf").ok()) << "an adapter is no model";
}

TEST_F(LlamaCpp, RefusesWhatIsNoModel) {
  ExpectRefused("", "empty");
  ExpectRefused("GG", "not a GGUF file");
  ExpectRefused("PK\x03\x04 something else", "not a GGUF file");
  ExpectRefused("GGUF", "cannot be loaded");
  const auto absent = LlamaCppModel::Make(folder_ / "absent.gguf");
  EXPECT_EQ(absent.error().fault, Fault::kUnavailable);
  EXPECT_EQ(LlamaCppModel::Make(folder_).error().fault, Fault::kUnavailable);

  std::string bytes = StoriesBytes();
  const std::size_t architecture = bytes.find("llama", bytes.find("general.architecture"));
  bytes.replace(architecture, 5, "lluma");
  ExpectRefused(bytes, "unknown model architecture: 'lluma'");
}

TEST_F(LlamaCpp, RefusesACutFile) {
  const std::string bytes = StoriesBytes();
  for (std::size_t size = 4; size < bytes.size(); size += size < 20'000 ? 613 : 90'001)
    ExpectRefused(bytes.substr(0, size), "cannot be loaded");
  ExpectRefused(bytes.substr(0, bytes.size() - 1), "cannot be loaded");
}

// Numbers of the metadata that cannot be: refused, or run for what they are, never the end
// of the process.
TEST_F(LlamaCpp, SurvivesMetadataThatLie) {
  const std::string honest = StoriesBytes();
  for (const char* key :
       {"llama.embedding_length", "llama.block_count", "llama.attention.head_count", "llama.attention.head_count_kv",
        "llama.feed_forward_length", "llama.context_length", "llama.rope.dimension_count",
        "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id", "tokenizer.ggml.unknown_token_id"}) {
    const std::size_t place = honest.find(key);
    if (place == std::string::npos) continue;
    for (const std::uint32_t lie : {0U, 1U, 3U, 7U, 63U, 65U, 513U, 100'000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
      std::string bytes = honest;
      std::memcpy(bytes.data() + place + std::strlen(key) + 4, &lie, sizeof(lie));
      const auto made = LlamaCppModel::Make(Write("lie.gguf", bytes), {.context = 64, .digest = false});
      if (!made.ok()) {
        EXPECT_EQ(made.error().what.find('\n'), std::string::npos) << key << ' ' << lie;
        continue;
      }
      const std::vector<std::string> texts = {"Once upon a time"};
      static_cast<void>(made.value()->Score(texts, true));
      static_cast<void>(made.value()->Generate({.prompt = "Once", .maximum_tokens = 2}));
    }
  }
}

TEST_F(LlamaCpp, RefusesWeightsThatAreNoNumbers) {
  std::string bytes = StoriesBytes();
  for (std::size_t i = bytes.size() - 40'000; i < bytes.size(); ++i) bytes[i] = '\xFF';
  const auto made = LlamaCppModel::Make(Write("broken.gguf", bytes), {.digest = false});
  ASSERT_TRUE(made.ok()) << made.error().what;
  const std::vector<std::string> texts = {"Once upon a time there was a dog."};
  const auto scores = made.value()->Score(texts, true);
  ASSERT_FALSE(scores.ok());
  EXPECT_NE(scores.error().what.find("not a number"), std::string::npos) << scores.error().what;
}

TEST_F(LlamaCpp, WantsPromptsThatFit) {
  const auto model = Stories({.context = 32});
  std::string text;
  for (int i = 0; i < 100; ++i) text += "dog ";
  const auto generation = model->Generate({.prompt = text, .maximum_tokens = 4});
  ASSERT_FALSE(generation.ok());
  EXPECT_EQ(generation.error().fault, Fault::kInvalidInput);
  // The context is full before the tokens are: as far as it goes.
  const auto full = model->Generate({.prompt = "Once upon a time", .maximum_tokens = 500});
  ASSERT_TRUE(full.ok()) << full.error().what;
  EXPECT_EQ(full.value().finish, FinishReason::kLength);
  EXPECT_LE(full.value().tokens.size(), 32U);
  EXPECT_FALSE(model->Generate({.messages = {{"user", "Hello"}}}).ok()) << "it has no chat template";
}

}  // namespace
}  // namespace ringfort::engines
