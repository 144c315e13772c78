#include "service/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>

#include "conformance/model_conformance.h"
#include "engines/http/http_model.h"
#include "engines/scripted/scripted_model.h"
#include "service/model_service.h"

namespace ringfort::service {
namespace {

using namespace engines;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

// A server that runs beside the test until the test is over.
class Running {
 public:
  explicit Running(HttpAnswerer answerer, HttpServerSettings settings = {}) : answerer_(std::move(answerer)) {
    answerer_.refuse = [](int status, std::string_view message) { return Refusal(status, message); };
    auto server = HttpServer::Listen(settings);
    EXPECT_TRUE(server.ok());
    server_ = std::move(server).value();
    thread_ = std::thread([this] { count_ = server_->Run(answerer_, [this] { return !stop_; }); });
  }
  ~Running() { Stop(); }
  HttpServerCount Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return count_;
  }
  std::string address() const { return server_->address(); }
  std::uint16_t port() const {
    const std::string address = server_->address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

 private:
  HttpAnswerer answerer_;
  std::unique_ptr<HttpServer> server_;
  std::atomic<bool> stop_ = false;
  HttpServerCount count_;
  std::thread thread_;
};

// Bytes out, bytes in.
class Wire {
 public:
  explicit Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Wire() { Close(); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  void Close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  void Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const long sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Until `end` came, or the other side closed.
  std::string Read(std::string_view end = {}) const {
    std::string got;
    std::array<char, 4096> chunk;
    while (end.empty() || got.find(end) == std::string::npos) {
      const long count = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (count <= 0) break;
      got.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return got;
  }

 private:
  int socket_;
};

HttpAnswerer Parrot() {
  return {.at_once = [](const HttpCall& call) -> std::optional<HttpReply> {
            if (call.target == "/early") return HttpReply{.status = 403, .body = "early"};
            return std::nullopt;
          },
          .answer =
              [](const HttpCall& call, HttpCaller& caller) {
                if (call.target == "/pieces")
                  for (const char* const piece : {"one,", "", "two,"}) caller.Send("text/plain", piece);
                if (call.target == "/throw") throw std::runtime_error("thrown");
                return HttpReply{.body = call.method + " " + call.target + " " + call.body + "."};
              }};
}

std::string Posting(std::string_view target, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", target, body.size(), body);
}

TEST(HttpServer, AnswersSeveralRequestsOfOneConnection) {
  Running server(Parrot());
  Wire wire(server.port());
  wire.Send(Posting("/a", "one") + Posting("/b", "two"));  // the second without waiting
  const std::string got = wire.Read("two.");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(got, HasSubstr("POST /a one."));
  EXPECT_THAT(got, HasSubstr("POST /b two."));
  wire.Send("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(wire.Read("abc."), HasSubstr("POST /c abc."));
  EXPECT_EQ(server.Stop().answered, 3U);
}

TEST(HttpServer, HearsWhoWaitsToSendItsBody) {
  Running server(Parrot());
  Wire wire(server.port());
  wire.Send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(wire.Read("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wire.Send("ab");
  EXPECT_THAT(wire.Read("ab."), HasSubstr("POST /a ab."));
  // Who is refused by the head alone need not send it.
  wire.Send("POST /early HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(wire.Read(), StartsWith("HTTP/1.1 403"));
}

TEST(HttpServer, AnswersHostileBytesInOneSentenceAndCloses) {
  HttpServerSettings settings;
  settings.body_bytes = 1000;
  settings.head_bytes = 2000;
  Running server(Parrot(), settings);
  const std::vector<std::pair<std::string, int>> cases = {
      {"220 mail.example.invalid ready\r\n\r\n", 400},
      {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9) + "\r\n\r\n", 400},  // TLS
      {"GET / HTTP/9.9\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 1000000000000\r\n\r\n", 413},
      {Posting("/", std::string(1001, 'a')), 413},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\na", 413},
      {"GET / HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n", 431},
      {"POST /throw HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 500},
  };
  for (const auto& [bytes, status] : cases) {
    Wire wire(server.port());
    wire.Send(bytes);
    const std::string got = wire.Read();
    EXPECT_THAT(got, StartsWith(fmt::format("HTTP/1.1 {}", status))) << bytes.substr(0, 80);
    EXPECT_THAT(got, HasSubstr(R"({"error":{"message":)")) << bytes.substr(0, 80);
  }
  // It still serves.
  Wire wire(server.port());
  wire.Send(Posting("/a", "one"));
  EXPECT_THAT(wire.Read("one."), HasSubstr("POST /a one."));
  EXPECT_EQ(server.Stop().refused, cases.size());
}

TEST(HttpServer, DoesNotWaitForTheSlow) {
  HttpServerSettings settings;
  settings.patience = milliseconds(200);
  Running server(Parrot(), settings);
  Wire silent(server.port()), slow(server.port()), half(server.port());
  half.Send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {  // a byte now and then does not buy time
    slow.Send("G");
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_EQ(slow.Read(), "");
  EXPECT_EQ(silent.Read(), "");
  EXPECT_EQ(half.Read(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(5000));
}

TEST(HttpServer, TellsTheOneTooManyToComeLater) {
  HttpServerSettings settings;
  settings.connections = 2;
  Running server(Parrot(), settings);
  Wire first(server.port()), second(server.port());
  for (Wire* wire : {&first, &second}) {
    wire->Send(Posting("/a", "one"));
    EXPECT_THAT(wire->Read("one."), HasSubstr("200 OK"));
  }
  Wire third(server.port());
  const std::string got = third.Read();
  EXPECT_THAT(got, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(got, HasSubstr("Retry-After: 1"));
}

TEST(HttpServer, AnswersByTheHeadWhileItThinks) {
  std::promise<void> thinking, enough;
  std::future<void> may_end = enough.get_future();
  HttpAnswerer answerer = Parrot();
  int answered = 0;
  answerer.answer = [&](const HttpCall& call, HttpCaller&) {
    if (++answered == 1) {
      thinking.set_value();
      may_end.wait();
    }
    return HttpReply{.body = call.body + "."};
  };
  Running server(answerer);
  Wire busy(server.port()), left(server.port()), head(server.port());
  busy.Send(Posting("/", "first"));
  thinking.get_future().wait();
  left.Send(Posting("/", "second"));
  head.Send("GET /early HTTP/1.1\r\n\r\n");
  EXPECT_THAT(head.Read("early"), HasSubstr("early"));
  std::this_thread::sleep_for(milliseconds(50));
  left.Close();  // nobody waits for the second answer
  std::this_thread::sleep_for(milliseconds(50));
  enough.set_value();
  EXPECT_THAT(busy.Read("first."), HasSubstr("first."));
  busy.Send(Posting("/", "third"));
  EXPECT_THAT(busy.Read("third."), HasSubstr("third."));
  server.Stop();
  EXPECT_EQ(answered, 2);
}

TEST(HttpServer, SendsPiecesAsTheyCome) {
  Running server(Parrot());
  Wire wire(server.port());
  wire.Send(Posting("/pieces", "three") + Posting("/a", "next"));
  const std::string got = wire.Read("next.");
  EXPECT_THAT(got, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(got, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(got,
              HasSubstr("\r\n\r\n4\r\none,\r\n4\r\ntwo,\r\n13\r\nPOST /pieces three.\r\n0\r\n\r\nHTTP/1.1 200 OK"));
  Wire old(server.port());  // knows no pieces
  old.Send("POST /pieces HTTP/1.0\r\nContent-Length: 1\r\n\r\n!");
  const std::string whole = old.Read();
  EXPECT_THAT(whole, HasSubstr("one,two,POST /pieces !."));
  EXPECT_THAT(whole, testing::Not(HasSubstr("chunked")));
  EXPECT_EQ(server.Stop().answered, 3U);
}

// Until nobody waits: with pieces and without.
TEST(HttpServer, TellsWhoAnswersThatNobodyWaits) {
  std::promise<void> began[2];
  std::atomic<int> ended = 0;
  HttpAnswerer answerer = Parrot();
  answerer.answer = [&](const HttpCall& call, HttpCaller& caller) {
    if (call.target == "/quick") return HttpReply{.body = "quick."};
    const bool pieces = call.target == "/pieces";
    if (pieces) caller.Send("text/plain", "begun");
    began[pieces ? 1 : 0].set_value();
    while (caller.Waits()) {
      if (pieces) caller.Send("text/plain", "more");
      std::this_thread::sleep_for(milliseconds(1));
    }
    ++ended;
    return HttpReply{};
  };
  auto server = std::make_unique<Running>(answerer);
  auto whole = std::make_unique<Wire>(server->port());
  whole->Send(Posting("/whole", ""));
  began[0].get_future().wait();
  whole.reset();
  auto pieces = std::make_unique<Wire>(server->port());
  pieces->Send(Posting("/pieces", ""));
  EXPECT_THAT(pieces->Read("begun"), HasSubstr("begun"));
  pieces.reset();
  Wire next(server->port());
  next.Send(Posting("/quick", ""));  // is answered, since both were given up
  EXPECT_THAT(next.Read("quick."), HasSubstr("quick."));
  EXPECT_EQ(ended, 2);
  // A server that is to stop waits for nobody.
  began[0] = {};
  Wire last(server->port());
  last.Send(Posting("/whole", ""));
  began[0].get_future().wait();
  server.reset();
  EXPECT_EQ(ended, 3);
}

TEST(HttpServer, LetsOnlySoManyWait) {
  std::promise<void> thinking, enough;
  std::shared_future<void> may_end = enough.get_future().share();
  HttpAnswerer answerer = Parrot();
  bool first = true;
  answerer.answer = [&](const HttpCall& call, HttpCaller&) {
    if (std::exchange(first, false)) thinking.set_value();
    may_end.wait();
    return HttpReply{.body = call.body + "."};
  };
  HttpServerSettings settings;
  settings.queue = 2;
  Running server(answerer, settings);
  Wire busy(server.port()), second(server.port()), third(server.port()), fourth(server.port());
  busy.Send(Posting("/", "busy"));
  thinking.get_future().wait();
  for (const Wire* const wire : {&second, &third}) {
    wire->Send(Posting("/", "waits"));
    std::this_thread::sleep_for(milliseconds(50));
  }
  fourth.Send(Posting("/", "fourth"));
  const std::string refused = fourth.Read("already");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1"));
  EXPECT_THAT(refused, HasSubstr("2 requests wait already"));
  third.Close();  // makes room
  std::this_thread::sleep_for(milliseconds(200));
  Wire fifth(server.port());
  fifth.Send(Posting("/", "fifth"));
  std::this_thread::sleep_for(milliseconds(50));
  enough.set_value();
  EXPECT_THAT(busy.Read("busy."), HasSubstr("busy."));
  EXPECT_THAT(second.Read("waits."), HasSubstr("waits."));
  EXPECT_THAT(fifth.Read("fifth."), HasSubstr("200 OK"));
}

TEST(HttpServer, StopsWhileConnectionsAreOpen) {
  auto server = std::make_unique<Running>(Parrot());
  Wire idle(server->port()), half(server->port());
  half.Send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  std::this_thread::sleep_for(milliseconds(100));
  server.reset();
  EXPECT_EQ(idle.Read(), "");
  EXPECT_EQ(half.Read(), "");
}

TEST(HttpServer, ListensOnlyWhereItIsToldTo) {
  for (const char* const host : {"0.0.0.0", "::", "192.0.2.1"})
    EXPECT_THAT(HttpServer::Listen({.host = host}).error().what, HasSubstr("--public")) << host;
  EXPECT_FALSE(HttpServer::Listen({.host = "attacker.example"}).ok());
  EXPECT_FALSE(HttpServer::Listen({.host = ""}).ok());
  const auto first = HttpServer::Listen({.host = "localhost"});
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first.value()->loopback());
  const auto port = static_cast<std::uint16_t>(std::stoi(first.value()->address().substr(17)));
  EXPECT_THAT(HttpServer::Listen({.port = port}).error().what, HasSubstr("cannot listen"));
  EXPECT_FALSE(HttpServer::Listen({.host = "0.0.0.0", .beyond_loopback = true}).value()->loopback());
}

// The suite that every engine passes, through our client, the wire and our server.
class Served final : public Model {
 public:
  static std::unique_ptr<Model> Make(bool stream) {
    auto served = std::unique_ptr<Served>(new Served);
    HttpModelSettings settings;
    settings.url = served->server_.address();
    settings.stream = stream;
    auto model = HttpModel::Make(settings);
    if (!model.ok()) {
      ADD_FAILURE() << model.error().what;
      return nullptr;
    }
    served->model_ = std::move(model).value();
    EXPECT_THAT(served->model_->remarks(), testing::IsEmpty());
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
  ScriptedModel behind_;
  ModelService service_{behind_, {}};
  Running server_{
      {.at_once = [this](const HttpCall& call) { return service_.AtOnce(call); },
       .answer = [this](const HttpCall& call, HttpCaller& caller) { return service_.Answer(call, caller); }}};
  std::unique_ptr<HttpModel> model_;
};

constexpr Abilities kAll = {Ability::kTokens,   Ability::kScores, Ability::kTopAlternatives, Ability::kLogitBias,
                            Ability::kGenerate, Ability::kChat,   Ability::kEmbeddings};

}  // namespace
}  // namespace ringfort::service

namespace ringfort::engines {
INSTANTIATE_TEST_SUITE_P(ThroughOurServer, ModelConformance,
                         testing::Values(ModelUnderTest{.name = "whole",
                                                        .make = [] { return service::Served::Make(false); },
                                                        .tolerance = 1e-6,
                                                        .gives = service::kAll},
                                         ModelUnderTest{.name = "streamed",
                                                        .make = [] { return service::Served::Make(true); },
                                                        .tolerance = 1e-6,
                                                        .gives = service::kAll}),
                         [](const auto& info) { return info.param.name; });
}  // namespace ringfort::engines
