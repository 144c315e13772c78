#include "engines/http/openai_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/random.h"
#include "engines/http/event_stream.h"
#include "engines/http/openai_request.h"

namespace ringfort::engines {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kLists = R"({"choices":[{"index":0,"text":" blue.","finish_reason":"length","logprobs":{
  "tokens":[" blue","bytes:\\xe2\\x82"],"token_logprobs":[-0.5,-1.25],
  "top_logprobs":[{" red":-2,"bytes:\\xe2":-3," blue":-0.5},null],"text_offset":[0,5]}}],
  "usage":{"prompt_tokens":7,"completion_tokens":2}})";

constexpr const char* kObjects = R"({"choices":[{"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop",
  "logprobs":{"content":[{"id":17,"token":"Hi","bytes":[72,105],"logprob":-0.25,"top_logprobs":[
  {"id":18,"token":"Ho","logprob":-3.5,"bytes":null},{"id":17,"token":"Hi","logprob":-0.25}]}]}}]})";

constexpr const char* kEcho = R"({"choices":[{"text":"The cat sat","logprobs":{"tokens":["<s>","The"," cat"," sat"],
  "token_logprobs":[null,-4,-3.5,-2],"top_logprobs":null}}],"usage":{"prompt_tokens":4,"completion_tokens":1}})";

TEST(ParseGeneration, ReadsParallelLists) {
  const auto answer = ParseGeneration(kLists);
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  const auto& [generation, told, count] = answer.value();
  EXPECT_EQ(generation.text, " blue.");
  EXPECT_EQ(generation.finish, FinishReason::kLength);
  EXPECT_TRUE(told);
  ASSERT_EQ(generation.tokens.size(), 2U);
  EXPECT_EQ(generation.tokens[1].text, "\xE2\x82");
  EXPECT_EQ(generation.tokens[1].log_probability, -1.25);
  ASSERT_EQ(generation.tokens[0].alternatives.size(), 3U);
  EXPECT_EQ(generation.tokens[0].alternatives[0].text, " blue");
  EXPECT_EQ(generation.tokens[0].alternatives[2].text, "\xE2");
  EXPECT_EQ(generation.tokens[0].token, kNoToken);
  EXPECT_EQ(count.in, 7U);
  EXPECT_EQ(count.out, 2U);
}

TEST(ParseGeneration, ReadsObjects) {
  const auto answer = ParseGeneration(kObjects);
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  const Generation& generation = answer.value().generation;
  EXPECT_EQ(generation.text, "Hi");
  EXPECT_EQ(generation.tokens[0].token, 17);
  EXPECT_EQ(generation.tokens[0].alternatives[1].text, "Ho");
  EXPECT_EQ(generation.tokens[0].alternatives[1].token, 18);
  EXPECT_FALSE(answer.value().count.told);
}

TEST(ParseGeneration, SaysWhichMemberIsWrong) {
  const auto why = [](std::string_view text) { return ParseGeneration(text).error().what; };
  EXPECT_THAT(why("<html>"), HasSubstr("no JSON"));
  EXPECT_EQ(why("[]"), "it is no JSON object");
  EXPECT_EQ(why("{}"), "it has no choices");
  EXPECT_EQ(why(R"({"choices":[7]})"), "a choice is no object");
  EXPECT_EQ(why(R"({"choices":[{}]})"), "a choice has no text");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","finish_reason":3}]})"), "finish_reason is no word");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","logprobs":[1]}]})"), "logprobs is no object");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","logprobs":{"tokens":["a"],"token_logprobs":[0.5]}}]})"),
            "a log-probability is 0.5, above 0");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","logprobs":{"tokens":["a"],"token_logprobs":[null]}}]})"),
            "a generated token has no log-probability");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","logprobs":{"content":[{"token":"a","bytes":[256],"logprob":-1}]}}]})"),
            "the bytes of a token are no bytes");
  EXPECT_EQ(why(R"({"choices":[{"text":"a","logprobs":{"x":1}}]})"), "logprobs has none of the known shapes");
}

TEST(ParseEcho, LeavesOutWhatIsNotTheText) {
  const auto echo = ParseEcho(kEcho, "The cat");
  ASSERT_TRUE(echo.ok()) << echo.error().what;
  ASSERT_EQ(echo.value().score.tokens.size(), 2U);
  EXPECT_EQ(echo.value().score.tokens[0].text, "The");
  EXPECT_EQ(echo.value().score.Sum(), -7.5);
  EXPECT_EQ(ParseEcho(kEcho, "The cat sat").value().score.tokens.size(), 3U);
  EXPECT_EQ(ParseEcho(kEcho, "The dog").error().what, "the text was not echoed");
  EXPECT_EQ(
      ParseEcho(R"({"choices":[{"text":"ab","logprobs":{"tokens":["a"],"token_logprobs":[-1]}}]})", "ab").error().what,
      "the tokens of the echoed text do not cover it");
  EXPECT_EQ(ParseEcho(R"({"choices":[{"text":"ab","logprobs":{"tokens":["a","b"],"token_logprobs":[-1,null]}}]})", "ab")
                .error()
                .what,
            "a token within the text has no log-probability");
  // A tokenizer that puts a space in front.
  const auto spaced = ParseEcho(
      R"({"choices":[{"text":"ab","logprobs":{"tokens":[" a","b","c"],"token_logprobs":[-1,-2,-4]}}]})", "ab");
  EXPECT_EQ(spaced.value().score.Sum(), -3);
}

TEST(ParseEmbeddings, GoesByTheIndex) {
  const auto answer = ParseEmbeddings(R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}]})", 2);
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  EXPECT_THAT(answer.value().embeddings.values, ElementsAre(1, 2.5, 3, 4));
  EXPECT_EQ(ParseEmbeddings(R"({"data":[{"embedding":[1]}]})", 2).error().what, "it has 1 embeddings, not 2");
  EXPECT_EQ(ParseEmbeddings(R"({"data":[{"embedding":[1]},{"embedding":[1,2]}]})", 2).error().what,
            "embeddings have 1 and 2 numbers");
  EXPECT_EQ(ParseEmbeddings(R"({"data":[{"index":1,"embedding":[1]},{"index":1,"embedding":[1]}]})", 2).error().what,
            "the indices of the embeddings make no order");
  for (const char* wrong : {R"({"data":[{"embedding":[1e300]}]})", R"({"data":[{"embedding":[NaN]}]})"}) {
    EXPECT_EQ(ParseEmbeddings(wrong, 1).error().what, "an embedding holds no finite number");
  }
  EXPECT_EQ(ParseEmbeddings(R"({"data":[{"embedding":["a"]}]})", 1).error().what,
            "an embedding holds no finite number");
}

TEST(ParseModels, KnowsTheContextOfTwoServers) {
  const auto models =
      ParseModels(R"({"data":[{"id":"a","max_model_len":4096},{"id":"b","meta":{"n_ctx":512}},{"id":"c"}]})");
  ASSERT_TRUE(models.ok());
  EXPECT_EQ(models.value()[0].context, 4096U);
  EXPECT_EQ(models.value()[1].context, 512U);
  EXPECT_EQ(models.value()[2].context, 0U);
  EXPECT_EQ(ParseModels(R"({"data":[{"id":""}]})").error().what, "a listed model has no id");
}

TEST(ParseTokens, TakesOnlyTokenNumbers) {
  EXPECT_THAT(ParseTokens(R"({"tokens":[1,2147483647]})").value(), ElementsAre(1, 2147483647));
  for (const char* wrong :
       {R"({"tokens":[-1]})", R"({"tokens":[2147483648]})", R"({"tokens":[1.5]})", R"({"tokens":1})"}) {
    EXPECT_FALSE(ParseTokens(wrong).ok()) << wrong;
  }
}

TEST(ErrorSentence, FindsTheSentence) {
  EXPECT_EQ(ErrorSentence(R"({"error":{"message":"too many","type":"x"}})"), "too many");
  EXPECT_EQ(ErrorSentence(R"({"error":"plain"})"), "plain");
  EXPECT_EQ(ErrorSentence(R"({"detail":"Not Found"})"), "Not Found");
  EXPECT_EQ(ErrorSentence("<html>\n</html>"), "<html>\\n</html>");
  EXPECT_EQ(ErrorSentence(""), "no reason given");
  EXPECT_LT(ErrorSentence(std::string(100000, 'a')).size(), 300U);
}

TEST(EventData, KeepsToTheStandard) {
  EXPECT_THAT(EventData("data: a\n\ndata:b\r\n\r\ndata: c\rdata: d\r\r"), ElementsAre("a", "b", "c\nd"));
  EXPECT_THAT(EventData(": comment\nevent: x\nid: 1\ndata\ndata:  two\n\n\n\ndata: end"), ElementsAre("\n two", "end"));
  EXPECT_TRUE(EventData("").empty());
  EXPECT_TRUE(EventData("database: no\n\n").empty());
}

TEST(ParseGenerationStream, JoinsThePieces) {
  const std::string stream =
      "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n"
      "data: "
      "{\"choices\":[{\"delta\":{\"content\":\"He\"},\"logprobs\":{\"content\":[{\"token\":\"He\",\"logprob\":-1}]}}]}"
      "\n\n"
      "data: "
      "{\"choices\":[{\"delta\":{\"content\":\"llo\"},\"logprobs\":{\"content\":[{\"token\":\"llo\",\"logprob\":-2}]}}]"
      "}\n\n"
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n"
      "data: [DONE]\n\n";
  const auto answer = ParseGenerationStream(stream);
  ASSERT_TRUE(answer.ok()) << answer.error().what;
  EXPECT_EQ(answer.value().generation.text, "Hello");
  EXPECT_EQ(answer.value().generation.tokens.size(), 2U);
  EXPECT_EQ(answer.value().generation.finish, FinishReason::kLength);
  EXPECT_EQ(answer.value().count.out, 2U);
  const auto half = ParseGenerationStream(stream.substr(0, stream.size() / 2));
  EXPECT_FALSE(half.ok());
  EXPECT_EQ(ParseGenerationStream("data: {\"error\":{\"message\":\"worn out\"}}\n\n").error().what,
            "it broke off with the error: worn out");
  EXPECT_EQ(ParseGenerationStream("").error().what, "the stream ended before the answer did");
}

// Cut anywhere and flipped anywhere: an error or an answer, never a crash.
TEST(OpenAiAnswer, HoldsAgainstDamage) {
  Random random(20261121);
  for (const std::string whole : {kLists, kObjects, kEcho}) {
    std::vector<std::string> damaged;
    for (std::size_t i = 0; i < whole.size(); ++i) damaged.push_back(whole.substr(0, i));
    for (int i = 0; i < 3000; ++i) {
      std::string flipped = whole;
      for (int j = 0; j < 3; ++j) flipped[random.Below(flipped.size())] ^= static_cast<char>(1 << random.Below(7));
      damaged.push_back(std::move(flipped));
    }
    for (const std::string& text : damaged) {
      if (const auto answer = ParseGeneration(text); answer.ok()) {
        for (const GeneratedToken& token : answer.value().generation.tokens) ASSERT_LE(token.log_probability, 0);
      }
      if (const auto echo = ParseEcho(text, "The cat"); echo.ok()) {
        for (const TokenScore& token : echo.value().score.tokens) ASSERT_LE(token.log_probability, 0);
      }
      (void)ParseGenerationStream("data: " + text + "\n\n");
      (void)ErrorSentence(text);
    }
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_FALSE(ParseGeneration(whole.substr(0, i)).ok());
  }
}

TEST(OpenAiRequest, HoldsWhatWasAsked) {
  GenerateRequest request{.prompt = "a \"quote\"",
                          .maximum_tokens = 9,
                          .temperature = 0.5,
                          .top_k = 3,
                          .top_p = 0.9,
                          .seed = ~std::uint64_t{0},
                          .stop = {"\n"},
                          .logit_bias = {{42, -100}},
                          .top_alternatives = 4};
  const Json body =
      ParseJson(CompletionBody(request, {.model = "m", .log_probabilities = true, .stream = true})).value();
  EXPECT_EQ(body["prompt"], "a \"quote\"");
  EXPECT_EQ(body["max_tokens"], 9);
  EXPECT_EQ(body["top_k"], 3);
  EXPECT_EQ(body["logit_bias"]["42"], -100);
  EXPECT_EQ(body["logprobs"], 4);
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["seed"], 0x7FFFFFFF);
  request.messages = {{"user", "Hello"}};
  const Json chat = ParseJson(ChatBody(request, {.model = "m"})).value();
  EXPECT_EQ(chat["messages"][0]["content"], "Hello");
  EXPECT_FALSE(chat.contains("logprobs") || chat.contains("prompt") || chat.contains("stream"));
}

}  // namespace
}  // namespace ringfort::engines
