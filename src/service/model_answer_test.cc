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

// The text, the tokens and how it ended, out of the events of a stream.
struct Streamed {
  std::string text{};
  Json content = Json::array();
  std::vector<std::string> finish{};
  std::size_t events = 0;
  bool usage = false;
};
Streamed Read(std::string_view events, bool chat) {
  Streamed read;
  std::size_t begin = 0;
  for (std::size_t end; (end = events.find("\n\n", begin)) != std::string::npos; begin = end + 2) {
    const std::string_view data = events.substr(begin, end - begin);
    EXPECT_TRUE(data.starts_with("data: "));
    if (data == "data: [DONE]") continue;
    const Json event = Json::parse(data.substr(6));
    ++read.events;
    read.usage = read.usage || event.contains("usage");
    if (event["choices"].empty()) continue;
    const Json& piece = event["choices"][0];
    read.text += chat ? piece["delta"].value("content", std::string()) : piece["text"].get<std::string>();
    if (piece.contains("logprobs") && piece["logprobs"].is_object())
      for (const Json& token : piece["logprobs"]["content"]) read.content.push_back(token);
    if (!piece["finish_reason"].is_null()) read.finish.push_back(piece["finish_reason"]);
  }
  EXPECT_EQ(begin, events.size());
  EXPECT_THAT(std::string(events), testing::Not(HasSubstr("\xEF\xBF\xBD")));  // no replaced byte
  return read;
}

// The events of a stream add up to the whole answer, and no event cuts a character.
TEST(ModelAnswer, StreamsTheSameInPieces) {
  for (const bool chat : {false, true})
    for (const bool as_they_come : {false, true}) {
      AnswerShape shape = kShape;
      shape.chat = chat;
      shape.usage_in_stream = true;
      engines::Generation generation = Euro().generation;
      generation.text.pop_back();  // as if "5" were a stop text
      ChoiceEvents writer(shape, 0, 1);
      std::string events = writer.Begin("", {});
      if (as_they_come) {
        EXPECT_EQ(writer.Add(generation.tokens[0]), "");  // a third of a character
        events += writer.Add(generation.tokens[1]);
        EXPECT_EQ(Read(events, chat).text, "\xE2\x82\xAC");
      }
      events += writer.Finish(generation) + WriteLastEvents({4, 3}, shape);
      const Streamed read = Read(events, chat);
      EXPECT_TRUE(events.ends_with("data: [DONE]\n\n"));
      EXPECT_EQ(read.text, "\xE2\x82\xAC ");
      ASSERT_EQ(read.content.size(), 3U);
      EXPECT_EQ(read.content[1]["id"], 2);
      EXPECT_EQ(read.finish, std::vector<std::string>{"stop"});
      EXPECT_TRUE(read.usage);
    }
}

// What may be the beginning of a stop text is told only when it is known that it is none.
TEST(ModelAnswer, HoldsBackWhatMayBeAStopText) {
  ChoiceEvents writer(kShape, 0, 3);  // "END"
  std::string told;
  engines::Generation generation;
  const auto add = [&](const std::string& token) {
    generation.tokens.push_back({1, token, -1, {}});
    told += writer.Add(generation.tokens.back());
    return Read(told, false).text;
  };
  EXPECT_EQ(add("abc"), "");  // it ends within two bytes of the end
  EXPECT_EQ(add("xE"), "abc");
  EXPECT_EQ(add("N"), "abc");
  generation.tokens.push_back({1, "D!", -1, {}});  // not added: the stop text ends in it
  generation.text = "abcx";
  told += writer.Finish(generation);
  const Streamed read = Read(told, false);
  EXPECT_EQ(read.text, "abcx");
  EXPECT_EQ(read.content.size(), 4U);
}

TEST(ModelAnswer, AnEmptyStreamHasAnEndAlone) {
  ChoiceEvents writer(kShape, 0, 0);
  const Streamed read = Read(writer.Begin("", {}) + writer.Finish({}), false);
  EXPECT_EQ(read.events, 1U);
  EXPECT_EQ(read.finish, std::vector<std::string>{"stop"});
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
