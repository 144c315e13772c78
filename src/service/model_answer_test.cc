#include "service/model_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/json.h"

namespace ringfort::service {
namespace {

using testing::HasSubstr;

Choice Euro() {
  Choice choice;
  choice.generation.text = "\xE2\x82\xAC 5";
  choice.generation.tokens = {{1, "\xE2", -0.5, {{1, "\xE2", -0.5}, {9, "x", -2}}},
                              {2, "\x82\xAC", -0.25, {{2, "\x82\xAC", -0.25}}},
                              {3, " 5", 0, {}}};
  return choice;
}

const AnswerShape kShape{.id = "cmpl-1", .created = 5, .model = "m", .log_probabilities = true};

TEST(ModelAnswer, TellsTokensInBothForms) {
  const Json answer = Json::parse(WriteCompletion(std::vector{Euro()}, {4, 3}, kShape));
  const Json& choice = answer["choices"][0];
  EXPECT_EQ(choice["text"], "\xE2\x82\xAC 5");
  EXPECT_EQ(choice["finish_reason"], "stop");
  EXPECT_EQ(choice["logprobs"]["tokens"], Json({"bytes:\\xe2", "bytes:\\x82\\xac", " 5"}));
  EXPECT_EQ(choice["logprobs"]["token_logprobs"], Json({-0.5, -0.25, 0.0}));
  EXPECT_EQ(choice["logprobs"]["text_offset"], Json({0, 1, 1}));
  EXPECT_EQ(choice["logprobs"]["top_logprobs"][0], Json({{"bytes:\\xe2", -0.5}, {"x", -2.0}}));
  EXPECT_EQ(choice["logprobs"]["content"][1]["bytes"], Json({0x82, 0xAC}));
  EXPECT_EQ(choice["logprobs"]["content"][0]["top_logprobs"][1]["id"], 9);
  EXPECT_EQ(answer["usage"], Json({{"prompt_tokens", 4}, {"completion_tokens", 3}, {"total_tokens", 7}}));
}

TEST(ModelAnswer, EchoesATextWithNothingBeforeItsFirstToken) {
  Choice choice = Euro();
  choice.echoed =
      "\xC3\xA4"
      "bc";
  choice.echoed_score.tokens = {
      {.token = 7, .text = "bc", .log_probability = -std::numeric_limits<double>::infinity()}};
  const Json told = Json::parse(WriteCompletion(std::vector{choice}, {}, kShape))["choices"][0];
  EXPECT_EQ(told["text"],
            "\xC3\xA4"
            "bc\xE2\x82\xAC 5");
  EXPECT_EQ(told["logprobs"]["tokens"][0], "\xC3\xA4");
  EXPECT_EQ(told["logprobs"]["token_logprobs"][0], nullptr);
  EXPECT_EQ(told["logprobs"]["token_logprobs"][1], -9999);
  EXPECT_EQ(told["logprobs"]["text_offset"], Json({0, 1, 3, 4, 4}));
}

// The events of a stream add up to the whole answer, and no event cuts a character.
TEST(ModelAnswer, StreamsTheSameInPieces) {
  for (const bool chat : {false, true}) {
    AnswerShape shape = kShape;
    shape.chat = chat;
    shape.usage_in_stream = true;
    Choice choice = Euro();
    choice.generation.text.pop_back();  // as if "5" were a stop text
    const std::string events = WriteCompletionEvents(std::vector{choice}, {4, 3}, shape);
    std::string text;
    Json content = Json::array();
    std::vector<std::string> finish;
    bool usage = false;
    std::size_t begin = 0;
    for (std::size_t end; (end = events.find("\n\n", begin)) != std::string::npos; begin = end + 2) {
      const std::string data = events.substr(begin, end - begin);
      ASSERT_TRUE(data.starts_with("data: "));
      if (data == "data: [DONE]") continue;
      const Json event = Json::parse(data.substr(6));
      usage = usage || event.contains("usage");
      if (event["choices"].empty()) continue;
      const Json& piece = event["choices"][0];
      text += chat ? piece["delta"].value("content", std::string()) : piece["text"].get<std::string>();
      if (piece.contains("logprobs") && piece["logprobs"].is_object())
        for (const Json& token : piece["logprobs"]["content"]) content.push_back(token);
      if (!piece["finish_reason"].is_null()) finish.push_back(piece["finish_reason"]);
    }
    EXPECT_TRUE(events.ends_with("data: [DONE]\n\n"));
    EXPECT_EQ(text, "\xE2\x82\xAC ");
    ASSERT_EQ(content.size(), 3U);
    EXPECT_EQ(content[1]["id"], 2);
    EXPECT_EQ(finish, std::vector<std::string>{"stop"});
    EXPECT_TRUE(usage);
    EXPECT_THAT(events, testing::Not(HasSubstr("\xEF\xBF\xBD")));  // no replaced byte
  }
}

TEST(ModelAnswer, WritesEmbeddingsAsNumbersAndInBase64) {
  const engines::Matrix vectors{1, 2, {1.0F, -2.0F}};
  const Json numbers = Json::parse(WriteEmbeddings(vectors, 3, "m", false));
  EXPECT_EQ(numbers["data"][0]["embedding"], Json({1.0, -2.0}));
  EXPECT_EQ(numbers["usage"]["prompt_tokens"], 3);
  // python3: base64.b64encode(struct.pack("<2f", 1, -2))
  EXPECT_EQ(Json::parse(WriteEmbeddings(vectors, 3, "m", true))["data"][0]["embedding"], "AACAPwAAAMA=");
  EXPECT_EQ(Json::parse(WriteEmbeddings({1, 3, {1, 2, 3}}, 3, "m", true))["data"][0]["embedding"], "AACAPwAAAEAAAEBA");
}

TEST(ModelAnswer, RefusesInTheFormOfTheProtocol) {
  const HttpReply reply = Refusal(404, "no \"such\" model", "model_not_found");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(Json::parse(reply.body), Json({{"error",
                                            {{"message", "no \"such\" model"},
                                             {"type", "not_found_error"},
                                             {"param", nullptr},
                                             {"code", "model_not_found"}}}}));
}

}  // namespace
}  // namespace ringfort::service
