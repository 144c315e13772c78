#include "service/model_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/json.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::service {
namespace {

using engines::Ability;
using testing::HasSubstr;

HttpCall Post(std::string target, std::string body) {
  return {"POST", std::move(target), "127.0.0.1:8080", "", "application/json; charset=utf-8", std::move(body)};
}

// Waits until so many pieces came.
class Caller final : public HttpCaller {
 public:
  explicit Caller(std::size_t pieces = 1'000'000) : most_(pieces) {}
  bool Waits() const override { return pieces.size() < most_; }
  void Send(std::string_view type, std::string piece) override {
    EXPECT_EQ(type, "text/event-stream");
    pieces.push_back(std::move(piece));
  }
  std::string All() const {
    std::string all;
    for (const std::string& piece : pieces) all += piece;
    return all;
  }
  std::vector<std::string> pieces{};

 private:
  std::size_t most_;
};

HttpReply AnswerOf(ModelService& service, const HttpCall& call) {
  Caller caller;
  HttpReply reply = service.Answer(call, caller);
  reply.body = caller.All() + reply.body;
  return reply;
}

class ModelServiceTest : public testing::Test {
 protected:
  HttpReply Ask(const HttpCall& call) {
    if (auto reply = service_.AtOnce(call)) return *reply;
    return AnswerOf(service_, call);
  }
  Json Good(const std::string& target, const std::string& body) {
    const HttpReply reply = Ask(Post(target, body));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return Json::parse(reply.body);
  }
  // The status, and the message.
  std::pair<int, std::string> Bad(const HttpCall& call) {
    const HttpReply reply = Ask(call);
    return {reply.status, Json::parse(reply.body)["error"]["message"]};
  }

  engines::ScriptedModel model_{};
  engines::ScriptedModel same_{};
  ModelService service_{model_, {}};
};

TEST_F(ModelServiceTest, ScoresATextAsTheModelDoes) {
  const auto wanted = same_.Score(std::vector<std::string>{"A fort"}).value()[0];
  const Json answer = Good("/v1/completions", R"({"prompt": "A fort", "max_tokens": 0, "logprobs": 1, "echo": true})");
  const Json& told = answer["choices"][0]["logprobs"]["token_logprobs"];
  ASSERT_EQ(told.size(), wanted.tokens.size());
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].get<double>(), wanted.tokens[i].log_probability);
  EXPECT_EQ(answer["choices"][0]["text"], "A fort");
  EXPECT_EQ(answer["usage"]["completion_tokens"], 0);
  EXPECT_EQ(answer["usage"]["prompt_tokens"], same_.Used().tokens_in);
}

TEST_F(ModelServiceTest, GeneratesAsTheModelDoes) {
  const engines::GenerateRequest request{.prompt = "A ring", .maximum_tokens = 5, .temperature = 0.8, .seed = 9};
  const auto wanted = same_.Generate(request).value();
  const std::string body = R"({"prompt": "A ring", "max_tokens": 5, "temperature": 0.8, "seed": 9, "logprobs": 2)";
  const Json choice = Good("/v1/completions", body + "}")["choices"][0];
  EXPECT_EQ(choice["text"], wanted.text);
  EXPECT_EQ(choice["logprobs"]["content"][0]["top_logprobs"].size(), 2U);
  EXPECT_EQ(choice["finish_reason"], "length");
  const HttpReply streamed = Ask(Post("/v1/completions", body + R"(, "stream": true})"));
  EXPECT_EQ(streamed.content_type, "text/event-stream");
  EXPECT_THAT(streamed.body, HasSubstr("data: [DONE]"));
}

// Text of the events of a completion.
std::string TextOf(const std::string& events) {
  std::string text;
  std::size_t begin = 0;
  for (std::size_t end; (end = events.find("\n\n", begin)) != std::string::npos; begin = end + 2) {
    const std::string data = events.substr(begin, end - begin);
    if (data.starts_with("data: {")) text += Json::parse(data.substr(6))["choices"][0].value("text", std::string());
  }
  return text;
}

TEST_F(ModelServiceTest, StreamsEachTokenAsItComes) {
  const engines::GenerateRequest request{
      .prompt = "A ring", .maximum_tokens = 40, .temperature = 0.8, .seed = 9, .stop = {"zzzz"}};
  const auto wanted = same_.Generate(request).value();
  const std::string body = R"({"prompt": "A ring", "max_tokens": 40, "temperature": 0.8, "seed": 9, "stream": true)";
  Caller caller, careful;
  const HttpReply end = service_.Answer(Post("/v1/completions", body + "}"), caller);
  EXPECT_GT(caller.pieces.size(), wanted.tokens.size() / 2);  // some bytes are no whole character
  EXPECT_EQ(TextOf(caller.pieces[0] + "\n\n").size(), 1U);    // and the first was not waited with
  EXPECT_EQ(end.body, "data: [DONE]\n\n");
  service_.Answer(Post("/v1/completions", body + R"(, "stop": "zzzz"})"), careful);
  EXPECT_EQ(TextOf(careful.All()), TextOf(caller.All()));
  EXPECT_LT(careful.pieces.size(), caller.pieces.size());
}

TEST_F(ModelServiceTest, ComputesNoLongerForWhoLeft) {
  Caller left(3);
  service_.Answer(Post("/v1/completions", R"({"prompt": "A ring", "max_tokens": 100, "stream": true})"), left);
  EXPECT_EQ(left.pieces.size(), 3U);
  EXPECT_EQ(model_.Used().tokens_out, 0U);  // of an answer that was not made
  Caller gone(0);
  const HttpCall post =
      Post("/v1/completions", R"({"prompt": "A ring", "max_tokens": 0, "echo": true, "logprobs": 1})");
  EXPECT_EQ(service_.Answer(post, gone).status, 503);
  EXPECT_EQ(service_.Answer(Post("/v1/embeddings", R"({"input": "a"})"), gone).status, 503);
  EXPECT_EQ(model_.Used().queries, 0U);
  EXPECT_EQ(Ask(post).status, 200);  // the next one is answered
}

// A model that would speak for ever, a token a millisecond.
class Endless final : public engines::Model {
 public:
  const engines::ModelFacts& Facts() const override { return facts_; }
  engines::Abilities Gives() const override { return {Ability::kGenerate}; }
  engines::Usage Used() const override { return {}; }
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    engines::Generation generation{.finish = engines::FinishReason::kLength};
    while (generation.tokens.size() < request.maximum_tokens) {
      if (!GoesOn()) return engines::Stopped();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      generation.tokens.push_back({1, "a", -1, {}});
      generation.text += "a";
      Show(generation.tokens.back());
    }
    return generation;
  }

 private:
  engines::ModelFacts facts_{.name = "endless", .context = 1'000'000};
};

TEST(ModelServiceBounds, EndsWhatTakesTooLong) {
  Endless model;
  ModelService service(model, {.time = std::chrono::milliseconds(50)});
  const HttpReply whole = AnswerOf(service, Post("/v1/completions", R"({"prompt": "a", "max_tokens": 900000})"));
  EXPECT_EQ(whole.status, 422);
  EXPECT_THAT(whole.body, HasSubstr("not there within 0.05 s"));
  Caller caller;
  const HttpReply rest =
      service.Answer(Post("/v1/completions", R"({"prompt": "a", "max_tokens": 900000, "stream": true})"), caller);
  EXPECT_GT(caller.pieces.size(), 0U);
  EXPECT_THAT(rest.body, testing::StartsWith(R"(data: {"error":)"));  // and no [DONE]
  EXPECT_THAT(rest.body, testing::Not(HasSubstr("DONE")));
  EXPECT_EQ(AnswerOf(service, Post("/v1/completions", R"({"prompt": "a", "max_tokens": 3})")).status, 200);
}

TEST(ModelServiceBounds, GivesNoMoreTokensThanItMay) {
  Endless model;
  ModelService service(model, {.maximum_tokens = 5});
  const HttpReply reply = AnswerOf(service, Post("/v1/completions", R"({"prompt": "a", "max_tokens": 900000})"));
  const Json answer = Json::parse(reply.body);
  EXPECT_EQ(answer["choices"][0]["text"], "aaaaa");
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
}

TEST_F(ModelServiceTest, DrawsAnewWithoutASeed) {
  const std::string body = R"({"prompt": "A ring", "max_tokens": 30, "temperature": 1})";
  EXPECT_NE(Good("/v1/completions", body)["choices"][0]["text"], Good("/v1/completions", body)["choices"][0]["text"]);
}

TEST_F(ModelServiceTest, TakesTokensThatTheModelWouldCut) {
  const Json tokens = Good("/tokenize", R"({"content": "A ring"})")["tokens"];
  EXPECT_EQ(tokens.size(), 6U);
  const std::string rest = R"(, "max_tokens": 4, "temperature": 0})";
  EXPECT_EQ(Good("/v1/completions", R"({"prompt": )" + tokens.dump() + rest)["choices"][0]["text"],
            Good("/v1/completions", R"({"prompt": "A ring")" + rest)["choices"][0]["text"]);
  EXPECT_EQ(Good("/detokenize", R"({"tokens": )" + tokens.dump() + "}")["content"], "A ring");
  // 256 begins a text and has none.
  EXPECT_THAT(Bad(Post("/v1/completions", R"({"prompt": [256, 65]})")), testing::Pair(400, HasSubstr("tokens")));
}

TEST_F(ModelServiceTest, AnswersSeveralPromptsInOrder) {
  const Json answer =
      Good("/v1/completions", R"({"prompt": ["ab", "cd"], "max_tokens": 0, "echo": true, "logprobs": 0})");
  ASSERT_EQ(answer["choices"].size(), 2U);
  EXPECT_EQ(answer["choices"][1]["text"], "cd");
  EXPECT_EQ(answer["choices"][1]["index"], 1);
}

TEST_F(ModelServiceTest, ChatsAndEmbeds) {
  const Json chat = Good("/v1/chat/completions",
                         R"({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 3, "logprobs": true})");
  EXPECT_EQ(chat["choices"][0]["message"]["role"], "assistant");
  EXPECT_EQ(chat["choices"][0]["logprobs"]["content"].size(), 3U);
  const auto wanted = same_.Embed(std::vector<std::string>{"a", "b"}).value();
  const Json told = Good("/v1/embeddings", R"({"input": ["a", "b"], "model": "scripted"})");
  for (std::size_t i = 0; i < wanted.columns; ++i)
    EXPECT_EQ(told["data"][1]["embedding"][i].get<float>(), wanted.Row(1)[i]);
}

TEST_F(ModelServiceTest, NeverCutsAText) {
  const std::string text(300, 'a');  // of a context of 256
  for (const std::string members : {R"("max_tokens": 0, "echo": true, "logprobs": 1)", R"("max_tokens": 1)"})
    EXPECT_THAT(Bad(Post("/v1/completions", R"({"prompt": ")" + text + "\"," + members + "}")),
                testing::Pair(400, "the text has 300 tokens and is longer than the context of 256"))
        << members;
  EXPECT_THAT(Bad(Post("/v1/embeddings", R"({"input": ")" + text + "\"}")), testing::Pair(400, HasSubstr("context")));
}

TEST_F(ModelServiceTest, RefusesWhatWouldNotFitIntoAnAnswer) {
  std::string prompts = "\"a\"";
  for (int i = 0; i < 200; ++i) prompts += ",\"a\"";
  EXPECT_THAT(Bad(Post("/v1/completions", R"({"prompt": [)" + prompts + R"(], "max_tokens": 9999, "logprobs": 100})")),
              testing::Pair(400, HasSubstr("fewer prompts")));
  EXPECT_EQ(model_.calls(), 0U);
}

TEST_F(ModelServiceTest, SaysWhatItIsNot) {
  EXPECT_EQ(Bad(Post("/v1/completions", "{")).first, 400);
  EXPECT_THAT(Bad(Post("/v1/completions", R"({"prompt": "a", "model": "gpt-0"})")),
              testing::Pair(404, HasSubstr("gpt-0")));
  EXPECT_THAT(Bad(Post("/v1/images", "{}")), testing::Pair(404, HasSubstr("/v1/completions")));
  EXPECT_EQ(Bad(Post("/v1/completions", R"({"prompt": "a", "logit_bias": {"99999": 1}})")).first, 400);
  HttpCall get = Post("/v1/completions", "");
  get.method = "GET";
  EXPECT_EQ(Ask(get).status, 405);
  EXPECT_EQ(Ask(get).allow, "POST");
  engines::ScriptedModel silent({.gives = {Ability::kTokens}});
  ModelService service(silent, {});
  for (const auto& [target, body] : std::vector<std::pair<std::string, std::string>>{
           {"/v1/completions", R"({"prompt": "a"})"},
           {"/v1/chat/completions", R"({"messages": [{"role": "user", "content": "a"}]})"},
           {"/v1/embeddings", R"({"input": "a"})"}})
    EXPECT_EQ(AnswerOf(service, Post(target, body)).status, 501) << target;
}

TEST_F(ModelServiceTest, TellsAFailingModelFromABadRequest) {
  engines::ScriptedModel failing({.faults = {{1, 9, {Fault::kInternal, "broken"}}}});
  ModelService service(failing, {});
  EXPECT_EQ(AnswerOf(service, Post("/v1/completions", R"({"prompt": "a"})")).status, 500);
}

TEST_F(ModelServiceTest, ListsItsModelAndIsHealthyWithoutAskingIt) {
  const HttpReply models = *service_.AtOnce({.method = "GET", .target = "/v1/models?all=1"});
  EXPECT_EQ(Json::parse(models.body)["data"][0]["id"], "scripted");
  EXPECT_EQ(Json::parse(models.body)["data"][0]["max_model_len"], 256);
  EXPECT_EQ(service_.AtOnce({.method = "GET", .target = "/health"})->status, 200);
  EXPECT_EQ(model_.calls(), 0U);
}

TEST_F(ModelServiceTest, KeepsPagesOfTheWebOut) {
  HttpCall call = Post("/v1/completions", R"({"prompt": "a"})");
  for (const char* const host :
       {"attacker.example", "attacker.example:8080", "127.0.0.1.example", "[::2]:80", "10.0.0.1"}) {
    call.host = host;
    EXPECT_EQ(Bad(call).first, 403) << host;
  }
  for (const char* const host : {"localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:80", "127.1.2.3", ""}) {
    call.host = host;
    EXPECT_EQ(Ask(call).status, 200) << host;
  }
  for (const char* const type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    call.content_type = type;
    EXPECT_EQ(Bad(call).first, 415) << type;
  }
  ModelService anywhere(model_, {.only_loopback = false});
  EXPECT_EQ(anywhere.AtOnce({.method = "GET", .target = "/v1/models", .host = "example.com"})->status, 200);
}

TEST_F(ModelServiceTest, AsksForTheKey) {
  ModelService locked(model_, {.key = "sesame-sesame"});
  HttpCall call{.method = "GET", .target = "/v1/models"};
  for (const char* const said :
       {"", "sesame-sesame", "Bearer sesame", "Bearer sesame-sesama", "Bearer sesame-sesame2"}) {
    call.authorization = said;
    const HttpReply reply = *locked.AtOnce(call);
    EXPECT_EQ(reply.status, 401) << said;
    EXPECT_THAT(reply.body, testing::Not(HasSubstr("sesame")));
  }
  call.authorization = "Bearer sesame-sesame";
  EXPECT_EQ(locked.AtOnce(call)->status, 200);
  EXPECT_EQ(locked.AtOnce({.method = "GET", .target = "/health"})->status, 200);
}

}  // namespace
}  // namespace ringfort::service
