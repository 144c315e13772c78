#include "service/http_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"

namespace ringfort::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kLook{50};        // between two looks at whether to go on
constexpr std::chrono::milliseconds kFarewell{2000};  // for a sender to stop sending what nobody reads
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

class Session;

// What all connections share.
struct Shared {
  Shared(const HttpServerSettings& all, const HttpAnswerer& who, asio::io_context& where)
      : settings(all), answerer(who), loop(where) {}

  const HttpServerSettings& settings;
  const HttpAnswerer& answerer;
  asio::io_context& loop;
  HttpServerCount count{};
  std::uint32_t open = 0;

  std::mutex mutex{};
  std::condition_variable changed{};
  std::deque<std::shared_ptr<Session>> waiting{};
  std::shared_ptr<Session> answered{};  // of whom the answering thread thinks
  std::atomic<bool> stopped = false;    // written under the mutex
};

std::string Field(const http::request<http::string_body>& request, http::field field) {
  const auto value = request[field];
  return {value.data(), value.size()};
}

// One connection. All of it runs on the loop's thread but for what the answering thread
// reads between Wait and Say: the call, and whether somebody waits.
class Session final : public std::enable_shared_from_this<Session>, public HttpCaller {
 public:
  Session(Shared& shared, tcp::socket socket) : shared_(shared), stream_(std::move(socket)) { ++shared_.open; }
  ~Session() override { --shared_.open; }

  void ReadHead() {
    parser_.emplace();
    parser_->header_limit(shared_.settings.head_bytes);
    parser_->body_limit(shared_.settings.body_bytes);
    stream_.expires_after(shared_.settings.patience);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](error_code failed, std::size_t) { self->OnHead(failed); });
  }

  void Refuse(int status, std::string_view message) {
    keep_ = false;
    Say(shared_.answerer.refuse(status, message));
  }

  const HttpCall& call() const { return call_; }

  // Looks whether who asked has closed the connection. Nothing is read meanwhile.
  bool LookWhetherLeft() {
    char byte = 0;
    const auto got = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) left_ = true;
    return left_;
  }

  bool Waits() const override { return !left_ && !shared_.stopped; }

  void Send(std::string_view content_type, std::string piece) override {
    if (piece.empty() || !Waits()) return;
    asio::post(shared_.loop, [self = shared_from_this(), type = std::string(content_type), piece = std::move(piece)] {
      self->Add(type, piece);
    });
  }

  void Say(HttpReply reply) {
    if (begun_) {
      begun_ = false;
      ended_ = true;
      outgoing_ += Chunk(reply.body) + "0\r\n\r\n";
      return Pump();
    }
    ++(reply.status < 400 ? shared_.count.answered : shared_.count.refused);
    SetHead(reply.status, reply.content_type);
    if (!reply.allow.empty()) response_.set(http::field::allow, reply.allow);
    if (reply.status == 401) response_.set(http::field::www_authenticate, "Bearer");
    if (reply.status == 503) response_.set(http::field::retry_after, "1");
    response_.body() = std::exchange(early_, {}) + std::move(reply.body);
    response_.prepare_payload();
    stream_.expires_after(shared_.settings.patience);
    http::async_write(stream_, response_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (!failed) self->Next();
    });
  }

 private:
  void SetHead(int status, std::string_view content_type) {
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(status));
    if (!shared_.settings.software.empty()) response_.set(http::field::server, shared_.settings.software);
    response_.set(http::field::content_type, beast::string_view(content_type.data(), content_type.size()));
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(keep_);
  }

  static std::string Chunk(std::string_view bytes) {
    return bytes.empty() ? std::string() : fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
  }

  // A piece of the answer.
  void Add(std::string_view content_type, std::string_view piece) {
    if (old_) {
      early_ += piece;
      return;
    }
    if (!begun_) {
      begun_ = true;
      ++shared_.count.answered;
      SetHead(200, content_type);
      response_.chunked(true);
      std::ostringstream head;
      head << response_.base();
      outgoing_ += head.str();
    }
    outgoing_ += Chunk(piece);
    Pump();
  }

  // Writes what is there, and what came meanwhile once that is written.
  void Pump() {
    if (writing_ || outgoing_.empty()) return;
    writing_ = true;
    under_way_ = std::exchange(outgoing_, {});
    stream_.expires_after(shared_.settings.patience);
    asio::async_write(stream_, asio::buffer(under_way_), [self = shared_from_this()](error_code failed, std::size_t) {
      self->writing_ = false;
      if (failed) {
        self->left_ = true;
        return;
      }
      if (!self->outgoing_.empty()) return self->Pump();
      if (!self->ended_) return self->stream_.expires_never();
      self->ended_ = false;
      self->Next();
    });
  }

  void Next() {
    if (keep_) return ReadHead();
    SayFarewell();
  }

  void OnHead(error_code failed) {
    if (failed) return Fail(failed);
    const http::request<http::string_body>& request = parser_->get();
    call_ = {};
    const auto method = request.method_string();
    const auto target = request.target();
    call_.method.assign(method.data(), method.size());
    call_.target.assign(target.data(), target.size());
    call_.host = Field(request, http::field::host);
    call_.authorization = Field(request, http::field::authorization);
    call_.content_type = Field(request, http::field::content_type);
    // An answer to other methods has rules of its own; a body that nobody read is in the way.
    old_ = request.version() < 11;
    keep_ = request.keep_alive() && (call_.method == "GET" || call_.method == "POST");
    if (auto reply = shared_.answerer.at_once(call_)) {
      keep_ = keep_ && parser_->is_done();
      return Say(std::move(*reply));
    }
    if (!beast::iequals(Field(request, http::field::expect), "100-continue")) return ReadBody();
    asio::async_write(stream_, asio::buffer(kContinue), [self = shared_from_this()](error_code broken, std::size_t) {
      if (!broken) self->ReadBody();
    });
  }

  void ReadBody() {
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed) return self->Fail(failed);
      self->call_.body = std::move(self->parser_->get().body());
      self->stream_.expires_never();
      self->Wait();
    });
  }

  void Wait() {
    {
      const std::lock_guard lock(shared_.mutex);
      if (shared_.waiting.size() < shared_.settings.queue) {
        shared_.waiting.push_back(shared_from_this());
        shared_.changed.notify_one();
        return;
      }
    }
    Say(shared_.answerer.refuse(503, fmt::format("{} requests wait already", shared_.settings.queue)));
  }

  void Fail(error_code failed) {
    if (failed == http::error::header_limit)
      return Refuse(431, fmt::format("the head of the request has more than {} bytes", shared_.settings.head_bytes));
    if (failed == http::error::body_limit)
      return Refuse(413, fmt::format("the body has more than {} bytes", shared_.settings.body_bytes));
    if (failed == http::error::end_of_stream || failed == http::error::partial_message ||
        failed.category() != http::make_error_code(http::error::bad_method).category())
      return;  // gone, or too slow
    Refuse(400, "this is no request of HTTP/1.1: " + failed.message());
  }

  // Closing while the other side sends would take our answer from it.
  void SayFarewell() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kFarewell);
    Drain();
  }
  void Drain() {
    stream_.async_read_some(asio::buffer(scratch_), [self = shared_from_this()](error_code failed, std::size_t) {
      if (!failed) self->Drain();
    });
  }

  Shared& shared_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  HttpCall call_;
  bool keep_ = false;
  bool old_ = false;      // HTTP/1.0
  bool begun_ = false;    // pieces were sent
  bool ended_ = false;    // and the last one was
  bool writing_ = false;  // under_way_
  std::string outgoing_, under_way_;
  std::string early_;  // pieces for who can take none
  std::atomic<bool> left_ = false;
  std::array<char, 4096> scratch_{};
};

// Answers what waits, one after the other.
void AnswerAll(Shared& shared) {
  for (;;) {
    std::shared_ptr<Session> session;
    {
      std::unique_lock lock(shared.mutex);
      shared.changed.wait(lock, [&] { return shared.stopped || !shared.waiting.empty(); });
      if (shared.stopped) return;
      session = std::move(shared.waiting.front());
      shared.waiting.pop_front();
      shared.answered = session;
    }
    HttpReply reply;
    try {
      reply = shared.answerer.answer(session->call(), *session);
    } catch (const std::exception& failure) {
      reply = shared.answerer.refuse(500, fmt::format("internal failure: {}", failure.what()));
    }
    {
      const std::lock_guard lock(shared.mutex);
      shared.answered = nullptr;
    }
    // The connection goes where it lives and ends there; this thread keeps no hold on it.
    asio::post(shared.loop, [session = std::move(session), reply = std::move(reply)]() mutable {
      if (!session->LookWhetherLeft()) session->Say(std::move(reply));
    });
  }
}

// Who closed the connection need not be answered.
void DropWhoLeft(Shared& shared) {
  std::vector<std::shared_ptr<Session>> gone;  // they end when the lock is no longer held
  const std::lock_guard lock(shared.mutex);
  if (shared.answered) shared.answered->LookWhetherLeft();
  for (auto& session : shared.waiting)
    if (session->LookWhetherLeft()) gone.push_back(std::move(session));
  std::erase(shared.waiting, nullptr);
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(HttpServerSettings settings, bool loopback)
      : settings_(std::move(settings)), loopback_(loopback), acceptor_(loop_) {}

  Status Open(const tcp::endpoint& endpoint) {
    error_code failed;
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed)
      return Error{Fault::kUnavailable,
                   fmt::format("cannot listen at {} port {}: {}", settings_.host, settings_.port, failed.message())};
    const tcp::endpoint bound = acceptor_.local_endpoint();
    const std::string name = bound.address().to_string();
    address_ = fmt::format("http://{}:{}", bound.address().is_v6() ? "[" + name + "]" : name, bound.port());
    return Done{};
  }

  std::string address() const override { return address_; }
  bool loopback() const override { return loopback_; }

  HttpServerCount Run(const HttpAnswerer& answerer, const std::function<bool()>& go_on) override {
    shared_ = std::make_unique<Shared>(settings_, answerer, loop_);
    Shared& shared = *shared_;
    asio::steady_timer timer(loop_);
    const std::function<void()> look = [&] {
      if (!go_on()) return loop_.stop();
      DropWhoLeft(shared);
      timer.expires_after(kLook);
      timer.async_wait([&](error_code failed) {
        if (!failed) look();
      });
    };
    look();
    Accept(shared);
    std::thread answering([&] { AnswerAll(shared); });
    loop_.run();
    {
      const std::lock_guard lock(shared.mutex);
      shared.stopped = true;
      shared.changed.notify_one();
    }
    answering.join();
    error_code ignored;
    acceptor_.close(ignored);
    shared.waiting.clear();
    return shared.count;
  }

 private:
  void Accept(Shared& shared) {
    acceptor_.async_accept([this, &shared](error_code failed, tcp::socket socket) {
      if (failed) return AcceptLater(shared);
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      // The ones that are told to come later are bounded as well.
      if (shared.open < 2 * settings_.connections) {
        const bool full = shared.open >= settings_.connections;
        const auto session = std::make_shared<Session>(shared, std::move(socket));
        if (full) {
          session->Refuse(503, fmt::format("{} connections are open already", settings_.connections));
        } else {
          session->ReadHead();
        }
      }
      Accept(shared);
    });
  }

  // Out of descriptors, most likely: some will come back.
  void AcceptLater(Shared& shared) {
    pause_.expires_after(kLook);
    pause_.async_wait([this, &shared](error_code failed) {
      if (!failed) Accept(shared);
    });
  }

  HttpServerSettings settings_;
  bool loopback_;
  std::string address_;
  // What still waits for the network when Run ends holds connections, and those look at
  // what is shared: it outlives the loop.
  std::unique_ptr<Shared> shared_;
  asio::io_context loop_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_{loop_};
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(const HttpServerSettings& settings) {
  error_code failed;
  const auto address = asio::ip::make_address(settings.host == "localhost" ? "127.0.0.1" : settings.host, failed);
  if (failed)
    return Error{Fault::kUnavailable, fmt::format("{} is no address of this machine: name one as 127.0.0.1 or ::1",
                                                  Printable(settings.host, 200))};
  if (!address.is_loopback() && !settings.beyond_loopback)
    return Error{Fault::kUnavailable,
                 fmt::format("other machines may reach {}: add --public if they should", settings.host)};
  auto server = std::make_unique<BeastServer>(settings, address.is_loopback());
  TRY_STATUS(server->Open({address, settings.port}));
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace ringfort::service
