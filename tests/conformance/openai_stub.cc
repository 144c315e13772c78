#include "conformance/openai_stub.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::engines {
namespace {

struct Reply {
  int status = 200;
  std::string body{};
  std::string headers{};
  bool stream = false;
};

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Reply Refuse(int status, std::string_view message) {
  return {status, Dump({{"error", {{"message", message}, {"type", "invalid_request_error"}}}})};
}

std::string Spelled(const std::string& text) {
  if (IsValidUtf8(text)) return text;
  std::string spelled = "bytes:";
  for (const char byte : text) spelled += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return spelled;
}

Json Bytes(const std::string& text) {
  Json bytes = Json::array();
  for (const char byte : text) bytes.push_back(static_cast<unsigned char>(byte));
  return bytes;
}

Json ContentShape(std::span<const GeneratedToken> tokens) {
  Json content = Json::array();
  for (const GeneratedToken& token : tokens) {
    Json top = Json::array();
    for (const Alternative& other : token.alternatives) {
      top.push_back({{"id", other.token},
                     {"token", Spelled(other.text)},
                     {"bytes", Bytes(other.text)},
                     {"logprob", other.log_probability}});
    }
    content.push_back({{"id", token.token},
                       {"token", Spelled(token.text)},
                       {"bytes", Bytes(token.text)},
                       {"logprob", token.log_probability},
                       {"top_logprobs", top}});
  }
  return {{"content", content}};
}

void AddToLists(Json& lists, const std::string& text, const Json& score, const Json& top) {
  lists["tokens"].push_back(Spelled(text));
  lists["token_logprobs"].push_back(score);
  lists["top_logprobs"].push_back(top);
}

Json EmptyLists() {
  return {{"tokens", Json::array()}, {"token_logprobs", Json::array()}, {"top_logprobs", Json::array()}};
}

// One end of a connection, with TLS or without.
struct Wire {
  int socket = -1;
  SSL* tls = nullptr;

  long Read(char* bytes, std::size_t size) const {
    if (tls != nullptr) return ::SSL_read(tls, bytes, static_cast<int>(size));
    return ::recv(socket, bytes, size, 0);
  }
  bool Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const long sent = tls != nullptr ? ::SSL_write(tls, bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
};

// A key and a certificate that it signed itself, for `name`, good for a day.
struct Identity {
  explicit Identity(const std::string& name) : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_version(certificate, 2);
    X509_set_pubkey(certificate, key);
    X509_NAME* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("stub"), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, name.c_str());
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    context_of_tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_of_tls, certificate);
    SSL_CTX_use_PrivateKey(context_of_tls, key);
  }
  ~Identity() {
    SSL_CTX_free(context_of_tls);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  std::string Pem() const {
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(memory);
    return text;
  }

  EVP_PKEY* key;
  X509* certificate;
  SSL_CTX* context_of_tls = nullptr;
};

const char* Word(FinishReason reason) { return reason == FinishReason::kLength ? "length" : "stop"; }

Json UsageOf(std::uint64_t in, std::uint64_t out) {
  return {{"prompt_tokens", in}, {"completion_tokens", out}, {"total_tokens", in + out}};
}

}  // namespace

struct OpenAiStub::State {
  State(Script script, StubManners wanted) : manners(std::move(wanted)), model(std::move(script)) {}

  GenerateRequest Read(const Json& body) const {
    GenerateRequest request;
    request.maximum_tokens = body.value("max_tokens", 16U);
    request.temperature = body.value("temperature", 1.0);
    request.top_p = body.value("top_p", 1.0);
    if (manners.obeys_top_k) request.top_k = body.value("top_k", 0U);
    request.seed = body.value("seed", std::uint64_t{0});
    if (body.contains("stop")) request.stop = body["stop"].get<std::vector<std::string>>();
    if (body.contains("logit_bias") && manners.obeys_bias) {
      for (const auto& [token, bias] : body["logit_bias"].items()) {
        request.logit_bias.push_back({std::stoi(token), bias.get<double>()});
      }
    }
    return request;
  }

  Generation Told(const GenerateRequest& request, Generation generation) const {
    if (manners.scores_after_bias || request.logit_bias.empty()) return generation;
    for (GeneratedToken& token : generation.tokens) token.log_probability = -5;
    return generation;
  }

  Reply Completions(const Json& body) {
    if (!manners.completions) return Refuse(404, "Not Found");
    const bool wants_logprobs = body.contains("logprobs");
    if (wants_logprobs && !manners.log_probabilities) return Refuse(400, "logprobs is not supported");
    GenerateRequest request = Read(body);
    request.prompt = body.at("prompt").get<std::string>();
    if (wants_logprobs) request.top_alternatives = body["logprobs"].get<std::uint32_t>();
    const auto answer = model.Generate(request);
    if (!answer.ok()) return Refuse(400, answer.error().what);
    const Generation generation = Told(request, answer.value());
    Json logprobs, choice = {{"index", 0}, {"text", generation.text}, {"finish_reason", Word(generation.finish)}};
    if (wants_logprobs) {
      logprobs = EmptyLists();
      if (body.value("echo", false) && manners.echo) {
        choice["text"] = request.prompt + generation.text;
        const auto scores = model.Score(std::vector<std::string>{request.prompt}).value();
        for (const TokenScore& token : scores[0].tokens) {
          double score = manners.certain_scores ? 0 : token.log_probability;
          if (manners.positive_scores) score = -score;
          if (manners.shifted_scores) score -= 0.5;
          AddToLists(logprobs, token.text, score, nullptr);
        }
      }
      for (const GeneratedToken& token : generation.tokens) {
        Json top = Json::object();
        for (const Alternative& other : token.alternatives) top[Spelled(other.text)] = other.log_probability;
        AddToLists(logprobs, token.text, token.log_probability, top);
      }
      if (manners.content_shape && !body.value("echo", false)) logprobs = ContentShape(generation.tokens);
    }
    choice["logprobs"] = logprobs;
    if (body.value("stream", false)) return Stream(generation, choice, "text", request.prompt.size());
    return {200, Dump({{"object", "text_completion"},
                       {"choices", Json::array({choice})},
                       {"usage", UsageOf(request.prompt.size(), generation.tokens.size())}})};
  }

  Reply Chat(const Json& body) {
    if (!manners.chat) return Refuse(404, "Not Found");
    const bool wants_logprobs = body.value("logprobs", false);
    if (wants_logprobs && !manners.log_probabilities) return Refuse(400, "logprobs is not supported");
    GenerateRequest request = Read(body);
    std::uint64_t in = 0;
    for (const Json& message : body.at("messages")) {
      request.messages.push_back({message.at("role"), message.at("content")});
      in += request.messages.back().content.size();
    }
    if (wants_logprobs) request.top_alternatives = body.value("top_logprobs", 0U);
    const auto answer = model.Generate(request);
    if (!answer.ok()) return Refuse(400, answer.error().what);
    const Generation generation = Told(request, answer.value());
    Json choice = {{"index", 0},
                   {"message", {{"role", "assistant"}, {"content", generation.text}}},
                   {"finish_reason", Word(generation.finish)}};
    choice["logprobs"] = wants_logprobs ? ContentShape(generation.tokens) : Json();
    if (body.value("stream", false)) return Stream(generation, choice, "delta", in);
    return {200, Dump({{"object", "chat.completion"},
                       {"choices", Json::array({choice})},
                       {"usage", UsageOf(in, generation.tokens.size())}})};
  }

  // Events: a text a token and the log-probabilities in one, then the end, then the usage.
  static Reply Stream(const Generation& generation, const Json& whole, const std::string& member, std::uint64_t in) {
    std::string events = ": a comment\r\n\r\n";
    const auto add = [&](const Json& json) { events += "data: " + Dump(json) + "\n\n"; };
    const auto piece = [&](const std::string& text, const Json& logprobs, const Json& finish) {
      Json choice = {{"index", 0}, {"logprobs", logprobs}, {"finish_reason", finish}};
      choice[member] = member == "delta" ? Json{{"content", text}} : Json(text);
      add({{"choices", Json::array({choice})}});
    };
    for (std::size_t i = 0; i < generation.text.size(); i += 5) {
      piece(generation.text.substr(i, 5), i == 0 ? whole["logprobs"] : Json(), nullptr);
    }
    piece("", nullptr, whole["finish_reason"]);
    add({{"choices", Json::array()}, {"usage", UsageOf(in, generation.tokens.size())}});
    return {200, events + "data: [DONE]\n\n", "Content-Type: text/event-stream\r\n", true};
  }

  Reply Embeddings(const Json& body) {
    if (!manners.embeddings) return Refuse(501, "This server does not support embeddings");
    const auto texts = body.at("input").get<std::vector<std::string>>();
    const auto matrix = model.Embed(texts);
    if (!matrix.ok()) return Refuse(400, matrix.error().what);
    Json data = Json::array();
    // In the wrong order, which the protocol allows.
    for (std::size_t i = texts.size(); i-- > 0;) {
      const auto row = matrix.value().Row(i);
      data.push_back({{"index", i}, {"embedding", std::vector<float>(row.begin(), row.end())}});
    }
    return {200, Dump({{"data", data}, {"usage", {{"prompt_tokens", 3}}}})};
  }

  Reply Serve(const SeenRequest& request) {
    if (!manners.key.empty() && request.head.find("Bearer " + manners.key + "\r\n") == std::string::npos) {
      return Refuse(401, "Incorrect API key provided");
    }
    if (request.target.ends_with("/models")) {
      if (!manners.models) return Refuse(404, "Not Found");
      return {200, Dump({{"data", {{{"id", model.Facts().name}, {"max_model_len", model.Facts().context}}}}})};
    }
    const auto parsed = ParseJson(request.body);
    if (!parsed.ok() || !parsed.value().is_object()) return Refuse(400, "no JSON");
    const Json& body = parsed.value();
    if (request.target.ends_with("/chat/completions")) return Chat(body);
    if (request.target.ends_with("/completions")) return Completions(body);
    if (request.target.ends_with("/embeddings")) return Embeddings(body);
    if (!manners.tokenize) return Refuse(404, "Not Found");
    if (request.target == "/tokenize") {
      return {200, Dump({{"tokens", model.Tokenize(body.at("content").get<std::string>()).value()}})};
    }
    if (request.target == "/detokenize") {
      const auto text = model.Detokenize(body.at("tokens").get<std::vector<Token>>());
      return text.ok() ? Reply{200, Dump({{"content", text.value()}})} : Refuse(400, text.error().what);
    }
    return Refuse(404, "Not Found");
  }

  // False at the end of the connection.
  static bool ReadRequest(const Wire& wire, std::string& buffer, SeenRequest& request) {
    std::size_t head_end = 0, length = 0;
    for (;;) {
      head_end = buffer.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const std::string lower = LowerCase(buffer.substr(0, head_end + 2));
        const std::size_t at = lower.find("content-length: ");
        length = at == std::string::npos ? 0 : std::stoul(lower.substr(at + 16));
        if (buffer.size() >= head_end + 4 + length) break;
      }
      std::array<char, 65536> chunk;
      const long got = wire.Read(chunk.data(), chunk.size());
      if (got <= 0) return false;
      buffer.append(chunk.data(), static_cast<std::size_t>(got));
    }
    request.head = buffer.substr(0, head_end + 2);
    request.body = buffer.substr(head_end + 4, length);
    buffer.erase(0, head_end + 4 + length);
    const std::size_t first = request.head.find(' '), second = request.head.find(' ', first + 1);
    request.method = request.head.substr(0, first);
    request.target = request.head.substr(first + 1, second - first - 1);
    return true;
  }

  static std::string Whole(const Reply& reply) {
    if (!reply.stream) {
      return fmt::format("HTTP/1.1 {} Because\r\nServer: stub/1\r\n{}Content-Length: {}\r\n\r\n{}", reply.status,
                         reply.headers, reply.body.size(), reply.body);
    }
    std::string text =
        fmt::format("HTTP/1.1 {} OK\r\n{}Transfer-Encoding: chunked\r\n\r\n", reply.status, reply.headers);
    // Chunks do not keep to events.
    for (std::size_t i = 0; i < reply.body.size(); i += 37) {
      const std::string piece = reply.body.substr(i, 37);
      text += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    return text + "0\r\n\r\n";
  }

  void Talk(const Wire& wire) {
    std::string buffer;
    SeenRequest request;
    for (std::uint32_t served = 1; ReadRequest(wire, buffer, request); ++served) {
      StubTurn turn;
      Reply reply;
      {
        const std::lock_guard lock(mutex);
        seen.push_back(request);
        if (!turns.empty()) {
          turn = turns.front();
          turns.pop_front();
        }
        at_once = std::max(at_once, ++busy);
        if (turn.trick == Trick::kServe || turn.trick == Trick::kCutBody) reply = Serve(request);
      }
      if (manners.delay.count() > 0) std::this_thread::sleep_for(manners.delay);
      {
        const std::lock_guard lock(mutex);
        --busy;
      }
      if (!Answer(wire, turn, reply) || served == manners.requests_a_connection) break;
    }
  }

  // False if the connection is to be closed.
  bool Answer(const Wire& wire, const StubTurn& turn, Reply& reply) {
    switch (turn.trick) {
      case Trick::kServe: return wire.Send(Whole(reply));
      case Trick::kStatus:
        reply = Refuse(turn.status, turn.message);
        if (!turn.retry_after.empty()) reply.headers = fmt::format("Retry-After: {}\r\n", turn.retry_after);
        return wire.Send(Whole(reply));
      case Trick::kStall: {
        char ignored = 0;
        (void)wire.Read(&ignored, 1);
        return false;
      }
      case Trick::kCutBody: {
        const std::string whole = Whole(reply);
        (void)wire.Send(whole.substr(0, whole.size() - reply.body.size() / 2));
        return false;
      }
      case Trick::kCloseSilently: return false;
      case Trick::kNotHttp: (void)wire.Send("220 mail.example.invalid ESMTP ready\r\n"); return false;
      case Trick::kNotJson: return wire.Send(Whole({200, "<html><body>Welcome!</body></html>"}));
      case Trick::kWrongShape:
        return wire.Send(Whole({200, R"({"choices":[{"text":"ab","finish_reason":"stop",)"
                                     R"("logprobs":{"tokens":["a","b"],"token_logprobs":[-1]}}]})"}));
      case Trick::kHuge: (void)wire.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{"); return false;
    }
    return false;
  }

  void Accept() {
    for (;;) {
      const int socket = ::accept(listening, nullptr, nullptr);
      if (socket < 0) return;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::lock_guard lock(mutex);
      if (dead) {
        ::close(socket);
        return;
      }
      ++accepted;
      open.insert(socket);
      threads.emplace_back([this, socket] {
        Wire wire{socket};
        if (identity) {
          wire.tls = SSL_new(identity->context_of_tls);
          SSL_set_fd(wire.tls, socket);
        }
        if (!identity || SSL_accept(wire.tls) == 1) Talk(wire);
        SSL_free(wire.tls);
        const std::lock_guard inner(mutex);
        open.erase(socket);
        ::close(socket);
      });
    }
  }

  StubManners manners;
  ScriptedModel model;
  std::unique_ptr<Identity> identity;
  int listening = -1;
  std::uint16_t port = 0;
  std::thread acceptor;

  std::mutex mutex;
  std::vector<std::thread> threads;
  std::set<int> open;
  std::deque<StubTurn> turns;
  std::vector<SeenRequest> seen;
  std::uint32_t accepted = 0, busy = 0, at_once = 0;
  bool dead = false;
};

OpenAiStub::OpenAiStub(Script script, StubManners manners)
    : state_(std::make_unique<State>(std::move(script), std::move(manners))) {
  if (!state_->manners.tls_name.empty()) {
    // SSL_write has no flag against the signal of a closed connection.
    std::signal(SIGPIPE, SIG_IGN);
    state_->identity = std::make_unique<Identity>(state_->manners.tls_name);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  state_->listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof address;
  ::bind(state_->listening, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::listen(state_->listening, 64);
  ::getsockname(state_->listening, reinterpret_cast<sockaddr*>(&address), &size);
  state_->port = ntohs(address.sin_port);
  state_->acceptor = std::thread([this] { state_->Accept(); });
}

OpenAiStub::~OpenAiStub() { Die(); }

void OpenAiStub::Die() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return;
    state_->dead = true;
    for (const int socket : state_->open) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(state_->listening, SHUT_RDWR);
  state_->acceptor.join();
  ::close(state_->listening);
  for (std::thread& thread : state_->threads) thread.join();
}

std::string OpenAiStub::url() const {
  return fmt::format("{}://127.0.0.1:{}", state_->identity ? "https" : "http", state_->port);
}

std::string OpenAiStub::certificate() const { return state_->identity ? state_->identity->Pem() : ""; }

std::uint16_t OpenAiStub::port() const { return state_->port; }

void OpenAiStub::Next(const StubTurn& turn, std::uint32_t times) {
  const std::lock_guard lock(state_->mutex);
  for (std::uint32_t i = 0; i < times; ++i) state_->turns.push_back(turn);
}

std::vector<SeenRequest> OpenAiStub::seen() const {
  const std::lock_guard lock(state_->mutex);
  return state_->seen;
}

void OpenAiStub::Forget() {
  const std::lock_guard lock(state_->mutex);
  state_->seen.clear();
}

std::uint32_t OpenAiStub::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->accepted;
}

std::uint32_t OpenAiStub::most_at_once() const {
  const std::lock_guard lock(state_->mutex);
  return state_->at_once;
}

}  // namespace ringfort::engines
