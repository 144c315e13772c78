#include "engines/http/http_model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "conformance/model_conformance.h"
#include "conformance/openai_stub.h"

namespace ringfort::engines {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

HttpModelSettings SettingsFor(const OpenAiStub& stub) {
  HttpModelSettings settings;
  settings.url = stub.url();
  settings.retries.first_wait = milliseconds(2);
  settings.http.connect_timeout = milliseconds(2000);
  settings.http.idle_timeout = milliseconds(2000);
  settings.http.whole_timeout = milliseconds(5000);
  return settings;
}

// A model and the server behind it.
class Served final : public Model {
 public:
  static std::unique_ptr<Model> Make(const Script& script, const StubManners& manners, bool stream) {
    auto served = std::unique_ptr<Served>(new Served);
    served->stub_ = std::make_unique<OpenAiStub>(script, manners);
    HttpModelSettings settings = SettingsFor(*served->stub_);
    settings.stream = stream;
    auto model = HttpModel::Make(settings);
    if (!model.ok()) {
      ADD_FAILURE() << model.error().what;
      return nullptr;
    }
    served->model_ = std::move(model).value();
    return served;
  }

  const ModelFacts& Facts() const override { return model_->Facts(); }
  Abilities Gives() const override { return model_->Gives(); }
  Usage Used() const override { return model_->Used(); }
  Result<std::vector<Token>> Tokenize(std::string_view text) override { return model_->Tokenize(text); }
  Result<std::string> Detokenize(std::span<const Token> tokens) override { return model_->Detokenize(tokens); }
  Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments) override {
    return model_->Score(texts, moments);
  }
  Result<Matrix> Logits(std::span<const Token> tokens) override { return model_->Logits(tokens); }
  Result<Generation> Generate(const GenerateRequest& request) override { return model_->Generate(request); }
  Result<Matrix> Embed(std::span<const std::string> texts) override { return model_->Embed(texts); }
  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> tokens) override {
    return model_->HiddenStates(tokens);
  }

 private:
  Served() = default;
  std::unique_ptr<OpenAiStub> stub_;
  std::unique_ptr<HttpModel> model_;
};

constexpr Abilities kAll = {Ability::kTokens,   Ability::kScores, Ability::kTopAlternatives, Ability::kLogitBias,
                            Ability::kGenerate, Ability::kChat,   Ability::kEmbeddings};

ModelUnderTest Over(std::string name, const StubManners& manners, Abilities gives, bool stream = false) {
  return {.name = std::move(name),
          .make = [=] { return Served::Make(Script{}, manners, stream); },
          .tolerance = 1e-5,
          .gives = gives};
}

INSTANTIATE_TEST_SUITE_P(
    Http, ModelConformance,
    testing::Values(Over("whole", {}, kAll), Over("streamed", {}, kAll, true),
                    Over("objects", {.content_shape = true, .requests_a_connection = 3}, kAll),
                    Over("plain", {.embeddings = false, .tokenize = false, .log_probabilities = false},
                         {Ability::kGenerate, Ability::kChat}),
                    Over("chat_only", {.completions = false}, {Ability::kChat, Ability::kTopAlternatives}),
                    Over("embeddings_only", {.completions = false, .chat = false}, {Ability::kEmbeddings})),
    testing::PrintToStringParamName());

std::unique_ptr<HttpModel> MakeModel(const HttpModelSettings& settings) {
  auto model = HttpModel::Make(settings);
  EXPECT_TRUE(model.ok()) << model.error().what;
  return model.ok() ? std::move(model).value() : nullptr;
}

GenerateRequest Ask(std::string prompt = "Hello") { return {.prompt = std::move(prompt), .maximum_tokens = 4}; }

TEST(HttpModel, GivesTheScoresOfTheModelBehindIt) {
  OpenAiStub stub;
  const auto model = MakeModel(SettingsFor(stub));
  ScriptedModel behind;
  const std::vector<std::string> texts = {"A fort of rings.", "", "\xE2\x82\xAC 5", "Another one."};
  const auto got = model->Score(texts);
  const auto wanted = behind.Score(texts);
  ASSERT_TRUE(got.ok()) << got.error().what;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ(got.value()[i].tokens.size(), wanted.value()[i].tokens.size());
    EXPECT_NEAR(got.value()[i].Sum(), wanted.value()[i].Sum(), 1e-9);
  }
  EXPECT_EQ(got.value()[2].tokens[0].text, "\xE2");
  EXPECT_EQ(model->Facts().name, "scripted");
  EXPECT_EQ(model->Facts().context, 256U);
  EXPECT_EQ(model->Facts().engine_version, "stub/1");
}

TEST(HttpModel, KeepsItsConnectionsAndUsesSeveralAtOnce) {
  OpenAiStub stub({}, {.delay = milliseconds(3)});
  HttpModelSettings settings = SettingsFor(stub);
  settings.http.connections = 4;
  const auto model = MakeModel(settings);
  const std::vector<std::string> texts(40, "one of many");
  ASSERT_TRUE(model->Score(texts).ok());
  ASSERT_TRUE(model->Score(texts).ok());
  EXPECT_EQ(stub.connections(), 4U);
  EXPECT_EQ(model->client().opened(), 4U);
  EXPECT_LE(stub.most_at_once(), 4U);
  EXPECT_GE(stub.most_at_once(), 2U);
  EXPECT_EQ(model->client().retries(), 0U);
}

TEST(HttpModel, AnIdleConnectionMayBeClosedWithoutAWord) {
  OpenAiStub stub({}, {.requests_a_connection = 2});
  HttpModelSettings settings = SettingsFor(stub);
  settings.retries.attempts = 1;
  const auto model = MakeModel(settings);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(model->Generate(Ask()).ok());
  EXPECT_EQ(model->client().retries(), 0U);
  EXPECT_GT(model->client().opened(), 3U);
}

TEST(HttpModel, AsksAgainWhatMayPass) {
  OpenAiStub stub;
  const auto model = MakeModel(SettingsFor(stub));
  const std::string wanted = model->Generate(Ask()).value().text;
  const std::vector<StubTurn> turns = {
      {Trick::kStatus, 500}, {Trick::kStatus, 503, "0"}, {Trick::kCutBody}, {Trick::kCloseSilently}};
  for (const StubTurn& turn : turns) {
    const std::uint64_t before = model->client().retries();
    stub.Next(turn, 2);
    const auto answer = model->Generate(Ask());
    ASSERT_TRUE(answer.ok()) << answer.error().what;
    EXPECT_EQ(answer.value().text, wanted);
    EXPECT_GE(model->client().retries(), before + 1);
  }
}

TEST(HttpModel, WaitsAsLongAsItIsTold) {
  OpenAiStub stub;
  const auto model = MakeModel(SettingsFor(stub));
  stub.Next({Trick::kStatus, 429, "1"});
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(model->Generate(Ask()).ok());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(1000));
  stub.Next({Trick::kStatus, 429, "3600"});
  const auto refused = model->Generate(Ask());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_EQ(refused.error().what,
            stub.url() + ": limits the rate (status 429) (it asks to wait for 3600 s, which is too long)");
}

struct Case {
  StubTurn turn;
  Fault fault;
  std::string sentence;
};

TEST(HttpModel, SaysInOneSentenceWhatIsWrong) {
  OpenAiStub stub;
  HttpModelSettings settings = SettingsFor(stub);
  settings.http.idle_timeout = milliseconds(150);
  settings.http.answer_bytes = 100'000;
  settings.retries.attempts = 3;
  const auto model = MakeModel(settings);
  const std::vector<Case> cases = {
      {{Trick::kStall}, Fault::kUnavailable, "stalls: nothing came for too long"},
      {{Trick::kNotHttp}, Fault::kUnavailable, "what it answers is no HTTP"},
      {{Trick::kNotJson}, Fault::kUnavailable, "gives an answer that makes no sense: it is no JSON"},
      {{Trick::kWrongShape}, Fault::kUnavailable, "makes no sense: logprobs has 2 tokens, but 1 log-probabilities"},
      {{Trick::kHuge}, Fault::kLimitExceeded, "its answer is larger than 100000 bytes"},
      {{Trick::kCutBody}, Fault::kUnavailable, "closed in the middle of an answer (gave up after 3 attempts)"},
      {{Trick::kStatus, 500, "", "out of memory"}, Fault::kUnavailable, "fails (status 500): out of memory"},
      {{Trick::kStatus, 503}, Fault::kUnavailable, "is in trouble (status 503) (gave up after 3 attempts)"},
      {{Trick::kStatus, 400, "", "too long\x1b[31m"},
       Fault::kInvalidInput,
       "refuses the request (status 400): too long\\x1b[31m"},
      {{Trick::kStatus, 302}, Fault::kUnavailable, "points elsewhere (status 302)"},
      {{Trick::kStatus, 401}, Fault::kUnavailable, "wants a key (status 401)"},
  };
  for (const Case& wrong : cases) {
    // A kept connection that ends without a word is replaced once.
    stub.Next(wrong.turn, MayPass(wrong.turn.status) || wrong.turn.trick == Trick::kCutBody ? 3 : 1);
    const auto answer = model->Generate(Ask());
    ASSERT_FALSE(answer.ok()) << wrong.sentence;
    EXPECT_EQ(answer.error().fault, wrong.fault) << answer.error().what;
    EXPECT_THAT(answer.error().what, AllOf(HasSubstr(wrong.sentence), HasSubstr(stub.url()), Not(HasSubstr("\n"))));
    EXPECT_TRUE(model->Generate(Ask()).ok()) << "after: " << wrong.sentence;
  }
}

TEST(HttpModel, AnEndpointThatDies) {
  OpenAiStub stub;
  HttpModelSettings settings = SettingsFor(stub);
  settings.retries.attempts = 2;
  const auto model = MakeModel(settings);
  stub.Die();
  const auto answer = model->Generate(Ask());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::kUnavailable);
  EXPECT_EQ(answer.error().what, stub.url() + ": cannot be reached: Connection refused (gave up after 2 attempts)");
  EXPECT_EQ(HttpModel::Make(settings).error().what, answer.error().what);
}

TEST(HttpModel, DoesNotBelieveWhatAnEndpointPretends) {
  OpenAiStub liar({}, {.obeys_bias = false, .obeys_top_k = false, .certain_scores = true});
  const auto model = MakeModel(SettingsFor(liar));
  EXPECT_FALSE(model->Gives().Has(Ability::kLogitBias));
  EXPECT_FALSE(model->Gives().Has(Ability::kScores));
  GenerateRequest narrow = Ask();
  narrow.temperature = 1;
  narrow.top_k = 3;
  EXPECT_EQ(model->Generate(narrow).error().what, "the endpoint does not keep to top_k");
  EXPECT_THAT(model->remarks(), testing::UnorderedElementsAre(HasSubstr("no logit_bias: it is taken"),
                                                              HasSubstr("no scores: the echoed text is said to be"),
                                                              HasSubstr("no top_k: it is taken")));
  OpenAiStub positive({}, {.positive_scores = true});
  EXPECT_FALSE(MakeModel(SettingsFor(positive))->Gives().Has(Ability::kScores));
  OpenAiStub deaf({}, {.echo = false});
  EXPECT_FALSE(MakeModel(SettingsFor(deaf))->Gives().Has(Ability::kScores));
}

TEST(HttpModel, ComparesWhatAnEndpointTells) {
  OpenAiStub shifted({}, {.shifted_scores = true});
  const auto model = MakeModel(SettingsFor(shifted));
  EXPECT_FALSE(model->Gives().Has(Ability::kScores));
  EXPECT_THAT(model->remarks(), testing::ElementsAre(HasSubstr("no scores: a token that scored")));

  OpenAiStub early({}, {.scores_after_bias = false});
  const auto biased = MakeModel(SettingsFor(early));
  EXPECT_TRUE(biased->Gives().Has({Ability::kScores, Ability::kLogitBias}));
  GenerateRequest request = Ask();
  request.logit_bias = {{'x', 100}};
  const auto forced = biased->Generate(request);
  ASSERT_TRUE(forced.ok()) << forced.error().what;
  EXPECT_EQ(forced.value().text, "xxxx");
  EXPECT_TRUE(forced.value().tokens.empty());
  request.top_alternatives = 2;
  EXPECT_EQ(biased->Generate(request).error().fault, Fault::kUnsupported);
}

TEST(HttpModel, RefusesToBeginWithNothing) {
  OpenAiStub nothing({}, {.completions = false, .chat = false, .embeddings = false, .tokenize = false});
  EXPECT_THAT(HttpModel::Make(SettingsFor(nothing)).error().what,
              HasSubstr("gives neither completions nor chat nor embeddings"));
  OpenAiStub stub;
  HttpModelSettings settings = SettingsFor(stub);
  settings.model = "other";
  EXPECT_EQ(HttpModel::Make(settings).error().what, stub.url() + ": has no model other; it lists scripted");
  OpenAiStub unlisted({}, {.models = false});
  EXPECT_THAT(HttpModel::Make(SettingsFor(unlisted)).error().what, HasSubstr("name the one to ask"));
  settings = SettingsFor(unlisted);
  settings.model = "scripted";
  EXPECT_TRUE(HttpModel::Make(settings).ok());
  settings.url = "ftp://example.invalid";
  EXPECT_EQ(HttpModel::Make(settings).error().fault, Fault::kInvalidInput);
}

class KeyTest : public testing::Test {
 protected:
  static constexpr const char* kVariable = "RINGFORT_TEST_KEY";
  static constexpr const char* kKey = "sk-inert-0123456789abcdef";
  void SetUp() override { ::setenv(kVariable, kKey, 1); }
  void TearDown() override { ::unsetenv(kVariable); }
};

TEST_F(KeyTest, IsSentAndNeverShown) {
  OpenAiStub stub({.name = kKey}, {.key = kKey});  // the server even calls its model so
  HttpModelSettings settings = SettingsFor(stub);
  EXPECT_THAT(HttpModel::Make(settings).error().what, HasSubstr("wants a key (status 401)"));
  settings.key_variable = kVariable;
  const auto model = MakeModel(settings);
  EXPECT_THAT(stub.seen().back().head, HasSubstr(std::string("Authorization: Bearer ") + kKey));
  EXPECT_EQ(model->Facts().name, "[key]");
  for (const int status : {400, 401, 500}) {
    stub.Next({Trick::kStatus, status, "", std::string("wrong: ") + kKey + " or sk-inert-0123***"}, 5);
    const auto answer = model->Generate(Ask());
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().what, AllOf(Not(HasSubstr("sk-inert")), Not(HasSubstr("0123")), HasSubstr("[key]")));
    while (!model->Generate(Ask()).ok()) {
    }
  }
  for (const std::string& remark : model->remarks()) EXPECT_THAT(remark, Not(HasSubstr("sk-inert")));
}

TEST_F(KeyTest, IsNotSentInTheClearToOtherMachines) {
  HttpModelSettings settings{.url = "http://models.example.invalid", .key_variable = kVariable};
  EXPECT_EQ(HttpModel::Make(settings).error().what,
            "the key would travel in the clear to models.example.invalid: use https");
  settings.key_variable = "RINGFORT_NO_SUCH_VARIABLE";
  EXPECT_EQ(HttpModel::Make(settings).error().what,
            "the variable RINGFORT_NO_SUCH_VARIABLE, which should hold the key, is not set");
  ::setenv(kVariable, "a\r\nX-Injected: 1", 1);
  settings.key_variable = kVariable;
  EXPECT_THAT(HttpModel::Make(settings).error().what, AllOf(HasSubstr("holds no key"), Not(HasSubstr("Injected"))));
}

class TlsTest : public KeyTest {
 protected:
  void SetUp() override {
    KeyTest::SetUp();
    path_ = (std::filesystem::temp_directory_path() / fmt::format("ringfort-stub-{}.pem", ::getpid())).string();
  }
  void TearDown() override {
    std::filesystem::remove(path_);
    KeyTest::TearDown();
  }
  HttpModelSettings Trusting(const OpenAiStub& stub) {
    std::ofstream(path_) << stub.certificate();
    HttpModelSettings settings = SettingsFor(stub);
    settings.http.certificate_file = path_;
    settings.key_variable = kVariable;
    return settings;
  }
  std::string path_;
};

TEST_F(TlsTest, BelievesOnlyWhomItKnows) {
  OpenAiStub stub({}, {.key = kKey, .tls_name = "IP:127.0.0.1"});
  const auto model = MakeModel(Trusting(stub));
  ASSERT_TRUE(model);
  const auto first = model->Generate(Ask());
  ASSERT_TRUE(first.ok()) << first.error().what;
  EXPECT_EQ(first.value().text, ScriptedModel().Generate(Ask()).value().text);
  EXPECT_EQ(stub.connections(), 1U) << "TLS connections are kept too";

  const std::size_t seen = stub.seen().size();
  HttpModelSettings stranger = Trusting(stub);
  stranger.http.certificate_file.clear();
  EXPECT_EQ(HttpModel::Make(stranger).error().what,
            stub.url() + ": its certificate is not believed: self-signed certificate");
  OpenAiStub other({}, {.tls_name = "DNS:other.example.invalid"});
  EXPECT_THAT(HttpModel::Make(Trusting(other)).error().what,
              AnyOf(HasSubstr("certificate is not believed"), HasSubstr("certificate verify failed")));
  EXPECT_EQ(stub.seen().size() + other.seen().size(), seen) << "no key was sent to either";
  HttpModelSettings lost = Trusting(stub);
  lost.http.certificate_file = path_ + ".absent";
  EXPECT_THAT(HttpModel::Make(lost).error().what, HasSubstr("cannot read certificates from"));
}

TEST_F(TlsTest, SaysThatTheOtherSpeaksNoTls) {
  OpenAiStub plain;  // still waits for the end of a head
  HttpModelSettings settings = SettingsFor(plain);
  settings.http.connect_timeout = milliseconds(150);
  settings.url.replace(0, 4, "https");
  EXPECT_THAT(HttpModel::Make(settings).error().what, HasSubstr("no answer to TLS in time"));
}

TEST(HttpModel, StopsAtItsBudget) {
  OpenAiStub stub;
  HttpModelSettings settings = SettingsFor(stub);
  settings.limits.tokens = 1000;
  const auto model = MakeModel(settings);
  const std::uint64_t probing = model->spending().tokens();
  EXPECT_GT(probing, 20U);
  EXPECT_EQ(model->Used().tokens_in, 0U) << "probing is not use";
  GenerateRequest request = Ask();
  request.maximum_tokens = 100;
  int answered = 0;
  Result<Generation> answer = model->Generate(request);
  for (; answer.ok() && answered < 100; answer = model->Generate(request)) ++answered;
  ASSERT_FALSE(answer.ok());
  EXPECT_GT(answered, 2);
  EXPECT_EQ(answer.error().fault, Fault::kLimitExceeded);
  EXPECT_THAT(answer.error().what, HasSubstr("the token budget of 1000 does not suffice"));
  EXPECT_LE(model->spending().tokens(), 1000U);
  const std::size_t asked = stub.seen().size();
  EXPECT_FALSE(model->Generate(request).ok());
  EXPECT_EQ(stub.seen().size(), asked) << "nothing was sent";

  settings.limits = {.money = 0.01, .price_in_million = 1, .price_out_million = 1000};
  EXPECT_THAT(HttpModel::Make(settings).error().what, HasSubstr("the budget of 0.01 does not suffice"));
}

TEST(HttpModel, SendsOnlyWhatJsonCanCarry) {
  OpenAiStub stub;
  const auto model = MakeModel(SettingsFor(stub));
  EXPECT_EQ(model->Generate(Ask("\xFF")).error().fault, Fault::kInvalidInput);
  GenerateRequest biased = Ask();
  biased.logit_bias = {{65, 1e9}};
  EXPECT_EQ(model->Generate(biased).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
