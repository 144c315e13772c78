#include "service/model_question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace ringfort::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ModelQuestion, ReadsACompletionWithAllThatItMaySay) {
  const auto read = ParseCompletionQuestion(R"({"model": "m", "prompt": "Once", "max_tokens": 3, "temperature": 0.5,
      "top_p": 0.9, "top_k": 4, "seed": 7, "stop": ["\n", "."], "logprobs": 2, "echo": true, "stream": true,
      "stream_options": {"include_usage": true}, "logit_bias": {"65": -100, "66": 2.5}, "user": "somebody",
      "n": 1, "presence_penalty": 0})");
  ASSERT_TRUE(read.ok()) << read.error().what;
  const CompletionQuestion& question = read.value();
  EXPECT_EQ(question.model, "m");
  ASSERT_EQ(question.prompts.size(), 1U);
  EXPECT_EQ(question.prompts[0].text, "Once");
  EXPECT_FALSE(question.prompts[0].tokens);
  const engines::GenerateRequest& request = question.request;
  EXPECT_EQ(request.maximum_tokens, 3U);
  EXPECT_EQ(request.temperature, 0.5);
  EXPECT_EQ(request.top_p, 0.9);
  EXPECT_EQ(request.top_k, 4U);
  EXPECT_EQ(request.seed, 7U);
  EXPECT_TRUE(question.seed_told);
  EXPECT_THAT(request.stop, ElementsAre("\n", "."));
  EXPECT_EQ(request.top_alternatives, 2U);
  ASSERT_EQ(request.logit_bias.size(), 2U);
  EXPECT_EQ(request.logit_bias[1].token, 66);
  EXPECT_EQ(request.logit_bias[1].bias, 2.5);
  EXPECT_TRUE(question.log_probabilities && question.echo && question.stream && question.usage_in_stream);
}

TEST(ModelQuestion, KeepsToWhatTheProtocolSaysOfSilence) {
  const CompletionQuestion question = ParseCompletionQuestion(R"({"prompt": ""})").value();
  EXPECT_EQ(question.request.maximum_tokens, 16U);
  EXPECT_EQ(question.request.temperature, 1);
  EXPECT_EQ(question.request.top_p, 1);
  EXPECT_FALSE(question.seed_told || question.log_probabilities || question.echo || question.stream);
  // No alternatives is another thing than no log-probabilities; nulls are silence.
  EXPECT_TRUE(ParseCompletionQuestion(R"({"prompt": "", "logprobs": 0})").value().log_probabilities);
  EXPECT_FALSE(ParseCompletionQuestion(R"({"prompt": "", "logprobs": null, "stop": null, "seed": null})")
                   .value()
                   .log_probabilities);
}

TEST(ModelQuestion, TakesTextsAndTokensInFourForms) {
  const auto prompts = [](const std::string& prompt) {
    return ParseCompletionQuestion("{\"prompt\": " + prompt + "}").value().prompts;
  };
  EXPECT_EQ(prompts(R"(["a", "b"])")[1].text, "b");
  EXPECT_THAT(*prompts("[1, 2]")[0].tokens, ElementsAre(1, 2));
  EXPECT_EQ(prompts("[1, 2]").size(), 1U);
  EXPECT_THAT(*prompts("[[1], [2, 3]]")[1].tokens, ElementsAre(2, 3));
  EXPECT_TRUE(prompts("[[]]")[0].tokens->empty());
}

TEST(ModelQuestion, ReadsAChat) {
  const auto read = ParseChatQuestion(R"({"messages": [{"role": "system", "content": "Be brief."},
      {"role": "user", "content": [{"type": "text", "text": "What "}, {"type": "text", "text": "is it?"}]}],
      "logprobs": true, "top_logprobs": 5, "max_completion_tokens": 9, "max_tokens": 4})");
  ASSERT_TRUE(read.ok()) << read.error().what;
  const engines::GenerateRequest& request = read.value().request;
  ASSERT_EQ(request.messages.size(), 2U);
  EXPECT_EQ(request.messages[1].content, "What is it?");
  EXPECT_EQ(request.maximum_tokens, 9U);
  EXPECT_EQ(request.top_alternatives, 5U);
  EXPECT_TRUE(read.value().prompts.empty());
}

TEST(ModelQuestion, ReadsTheOthers) {
  EXPECT_TRUE(ParseEmbeddingQuestion(R"({"input": ["a"], "encoding_format": "base64"})").value().base64);
  EXPECT_EQ(ParseTokenizeQuestion(R"({"content": "a", "prompt": "b", "add_special": false})").value(), "a");
  EXPECT_EQ(ParseTokenizeQuestion(R"({"prompt": "b"})").value(), "b");
  EXPECT_THAT(ParseDetokenizeQuestion(R"({"tokens": [3, 4]})").value(), ElementsAre(3, 4));
}

// Each is refused with the member's name in the sentence.
TEST(ModelQuestion, RefusesWhatItCannotDoOrCannotBe) {
  const auto completion = [](const std::string& members) {
    const auto read = ParseCompletionQuestion("{" + members + "}");
    return read.ok() ? std::string("taken") : read.error().what;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("prompt": 1)", "prompt"},
      {R"("x": 1)", "prompt"},
      {R"("prompt": [])", "prompt"},
      {R"("prompt": [1, "a"])", "prompt"},
      {R"("prompt": ["a", 1])", "prompt"},
      {R"("prompt": [1.5])", "prompt"},
      {R"("prompt": [-1])", "prompt"},
      {R"("prompt": [4294967296])", "prompt"},
      {R"("prompt": [18446744073709551615])", "prompt"},
      {R"("prompt": "\ud800")", "standard"},
      {R"("prompt": "", "n": 2)", "n is 1"},
      {R"("prompt": "", "best_of": 3)", "best_of"},
      {R"("prompt": "", "suffix": "x")", "suffix"},
      {R"("prompt": "", "presence_penalty": 0.1)", "presence_penalty"},
      {R"("prompt": "", "tools": [1])", "tools"},
      {R"("prompt": "", "response_format": {"type": "json_object"})", "response_format"},
      {R"("prompt": "", "max_tokens": -1)", "max_tokens"},
      {R"("prompt": "", "max_tokens": 1e30)", "max_tokens"},
      {R"("prompt": "", "max_tokens": 18446744073709551615)", "max_tokens"},
      {R"("prompt": "", "logprobs": true)", "logprobs"},
      {R"("prompt": "", "logprobs": 101)", "logprobs"},
      {R"("prompt": "", "temperature": -0.1)", "temperature"},
      {R"("prompt": "", "temperature": NaN)", "standard"},
      {R"("prompt": "", "temperature": 1e999)", "standard"},
      {"\"prompt\": \"\xE2\x82\"", "JSON"},
      {R"("prompt": "", "top_p": 1.1)", "top_p"},
      {R"("prompt": "", "seed": 0.5)", "seed"},
      {R"("prompt": "", "stop": "")", "stop"},
      {R"("prompt": "", "stop": [1])", "stop"},
      {R"("prompt": "", "logit_bias": [1])", "logit_bias"},
      {R"("prompt": "", "logit_bias": {"a": 1})", "logit_bias"},
      {R"("prompt": "", "logit_bias": {"1x": 1})", "logit_bias"},
      {R"("prompt": "", "logit_bias": {"-1": 1})", "logit_bias"},
      {R"("prompt": "", "logit_bias": {"1": 101})", "logit_bias"},
      {R"("prompt": "", "stream": "yes")", "stream"},
      {R"("prompt": "", "model": 1)", "model"},
  };
  for (const auto& [members, word] : cases) EXPECT_THAT(completion(members), HasSubstr(word)) << members;
  std::string many = "{\"prompt\": [\"\"";
  for (std::size_t i = 0; i < kMostTexts; ++i) many += ",\"\"";
  EXPECT_FALSE(ParseCompletionQuestion(many + "]}").ok());
  for (const char* const body : {"", "[]", "1", "{", "{\"prompt\": \"a\"} x", "\xFF"})
    EXPECT_FALSE(ParseCompletionQuestion(body).ok()) << body;
  EXPECT_FALSE(ParseCompletionQuestion(std::string(100'000, '[')).ok());
}

TEST(ModelQuestion, RefusesChatsThatAreNone) {
  for (const char* const body :
       {R"({})", R"({"messages": []})", R"({"messages": [1]})", R"({"messages": [{"role": "user"}]})",
        R"({"messages": [{"role": "tool", "content": "x"}]})", R"({"messages": [{"role": "user", "content": [1]}]})",
        R"({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]})",
        R"({"messages": [{"role": "user", "content": "x"}], "top_logprobs": 2})",
        R"({"messages": [{"role": "user", "content": "x"}], "logprobs": 2})"})
    EXPECT_FALSE(ParseChatQuestion(body).ok()) << body;
  EXPECT_FALSE(ParseEmbeddingQuestion(R"({"input": "a", "dimensions": 3})").ok());
  EXPECT_FALSE(ParseEmbeddingQuestion(R"({"input": "a", "encoding_format": "int8"})").ok());
  EXPECT_FALSE(ParseTokenizeQuestion(R"({"content": "a", "add_special": true})").ok());
  EXPECT_FALSE(ParseTokenizeQuestion(R"({})").ok());
  EXPECT_FALSE(ParseDetokenizeQuestion(R"({"tokens": "a"})").ok());
}

// A body cut anywhere is no body, and one with flipped bits is read or refused.
TEST(ModelQuestion, StandsCutAndFlippedBodies) {
  const std::string body = R"({"prompt":["a",[1,2]],"stop":["x"],"logit_bias":{"1":2},"logprobs":1,"seed":3})";
  for (std::size_t length = 0; length < body.size(); ++length)
    EXPECT_FALSE(ParseCompletionQuestion(std::string_view(body).substr(0, length)).ok());
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string flipped = body;
    flipped[random.Below(flipped.size())] ^= static_cast<char>(1U << random.Below(8));
    const auto read = ParseCompletionQuestion(flipped);
    if (read.ok()) {
      EXPECT_LE(read.value().prompts.size(), 3U);
    }
  }
}

}  // namespace
}  // namespace ringfort::service
