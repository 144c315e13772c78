#include "application/ask_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "engines/llama_cpp/llama_cpp_model.h"

namespace ringfort {
namespace {

const ModelQuestion kScripted{.source = "scripted:"};

class AskModel : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("ringfort-ask-" + std::to_string(getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::filesystem::path folder_;
};

TEST_F(AskModel, DescribesAModel) {
  const auto described = DescribeModel(kScripted);
  ASSERT_TRUE(described.ok()) << described.error().what;
  EXPECT_NE(WriteModelTable(described.value()).find("scores"), std::string::npos);
  const auto json = ParseJson(WriteModelJson(described.value()));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json.value()["schema"], "ringfort.model-info/1");
  EXPECT_EQ(json.value()["model"]["engine"], "scripted");
}

TEST_F(AskModel, ScoresAddUp) {
  const auto scored = ScoreTexts(kScripted, {"a dog", "", "\xFF"}, true);
  ASSERT_TRUE(scored.ok()) << scored.error().what;
  const auto json = ParseJson(WriteScoresJson(scored.value()));
  ASSERT_TRUE(json.ok()) << json.error().what;
  const Json& text = json.value()["texts"][0];
  double sum = 0;
  for (const Json& token : text["tokens"]) {
    sum += token["log_probability"].get<double>();
    EXPECT_TRUE(token.contains("expected_log_probability"));
  }
  EXPECT_NEAR(text["sum"].get<double>(), sum, 1e-9);
  EXPECT_NEAR(text["perplexity"].get<double>(), std::exp(-sum / static_cast<double>(text["tokens"].size())), 1e-9);
  EXPECT_TRUE(json.value()["texts"][1]["tokens"].empty());
  EXPECT_EQ(json.value()["texts"][2]["bytes"], "ff") << "what is no Unicode stands in hexadecimal";
  const std::string table = WriteScoresTable(scored.value(), true);
  EXPECT_NE(table.find("variance"), std::string::npos);
  EXPECT_NE(table.find("a dog"), std::string::npos);
}

TEST_F(AskModel, ContinuesAText) {
  const auto generated = GenerateText(kScripted, {.prompt = "a dog", .maximum_tokens = 5, .top_alternatives = 2});
  ASSERT_TRUE(generated.ok()) << generated.error().what;
  const auto json = ParseJson(WriteGenerationJson(generated.value()));
  ASSERT_TRUE(json.ok()) << json.error().what;
  EXPECT_EQ(json.value()["finish"], "length");
  ASSERT_EQ(json.value()["tokens"].size(), 5U);
  EXPECT_EQ(json.value()["tokens"][0]["alternatives"].size(), 2U);
  EXPECT_NE(WriteGenerationTable(generated.value(), true).find("ended by length"), std::string::npos);
}

TEST_F(AskModel, ShowsNoControlCharacters) {
  GeneratedText generated;
  generated.generation.text = "one\x1B[31m\ntwo";
  EXPECT_EQ(WriteGenerationTable(generated, false), "one\\x1b[31m\ntwo\n");
}

TEST_F(AskModel, EmbedsTexts) {
  const auto embedded = EmbedTexts(kScripted, {"a dog", "a cat"});
  ASSERT_TRUE(embedded.ok()) << embedded.error().what;
  const auto json = ParseJson(WriteEmbeddingsJson(embedded.value()));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json.value()["embeddings"][1]["vector"].size(), embedded.value().vectors.columns);
  EXPECT_NE(WriteEmbeddingsTable(embedded.value()).find("1.0000  a dog"), std::string::npos);
}

TEST_F(AskModel, ReadsTexts) {
  const std::string path = Write("texts.txt", "one\r\n\ntwo three\nfour");
  EXPECT_EQ(ReadTexts(path, true).value(), (std::vector<std::string>{"one", "two three", "four"}));
  EXPECT_EQ(ReadTexts(path, false).value().size(), 1U);
  EXPECT_EQ(ReadTexts(folder_ / "absent", true).error().fault, Fault::kUnavailable);
}

TEST_F(AskModel, RefusesFilesThatAreNoModel) {
  EXPECT_EQ(DescribeModel({.source = folder_ / "absent.gguf"}).error().fault, Fault::kUnavailable);
  const auto cut = DescribeModel({.source = Write("cut.gguf", std::string_view("GGUF\x03\0\0\0\1\0", 10))});
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.error().what.find("damaged"), std::string::npos) << cut.error().what;
  const auto other = DescribeModel({.source = Write("other.bin", "nothing of that kind")});
  ASSERT_FALSE(other.ok());
}

// A tensor that begins where no file ends: found by our own parser.
TEST_F(AskModel, LooksBeforeTheLibraryDoes) {
  const std::string stories = RINGFORT_SOURCE_DIR "/../shared/data/models/stories260K.gguf";
  if (!std::filesystem::exists(stories)) GTEST_SKIP() << "the shared model is not there";
  std::ostringstream read;
  read << std::ifstream(stories, std::ios::binary).rdbuf();
  std::string bytes = read.str();
  if (engines::HasLlamaCpp()) {
    const auto described = DescribeModel({.source = stories});
    ASSERT_TRUE(described.ok()) << described.error().what;
    EXPECT_EQ(described.value().facts.parameters, 292'800U);
  }
  const std::string name = "blk.0.attn_q.weight";
  const std::size_t offset = bytes.find(name) + name.size() + 4 + 2 * 8 + 4;
  for (std::size_t i = 0; i < 6; ++i) bytes[offset + i] = '\x20';
  const auto refused = DescribeModel({.source = Write("lie.gguf", bytes)});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("not fit to be loaded"), std::string::npos) << refused.error().what;
}

}  // namespace
}  // namespace ringfort
