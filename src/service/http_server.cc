#include "service/http_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
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
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

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
  bool stopped = false;
};

std::string Field(const http::request<http::string_body>& request, http::field field) {
  const auto value = request[field];
  return {value.data(), value.size()};
}

// One connection. All of it runs on the loop's thread but for what the answering thread
// reads between Wait and Give: the call and the socket's state.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, tcp::socket socket) : shared_(shared), stream_(std::move(socket)) { ++shared_.open; }
  ~Session() { --shared_.open; }

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

  // Whether who asked has closed the connection. Nothing else looks at the socket meanwhile.
  bool Left() {
    char byte = 0;
    return ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }

  void Say(HttpReply reply) {
    ++(reply.status < 400 ? shared_.count.answered : shared_.count.refused);
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(reply.status));
    if (!shared_.settings.software.empty()) response_.set(http::field::server, shared_.settings.software);
    response_.set(http::field::content_type, reply.content_type);
    response_.set(http::field::cache_control, "no-store");
    if (!reply.allow.empty()) response_.set(http::field::allow, reply.allow);
    if (reply.status == 401) response_.set(http::field::www_authenticate, "Bearer");
    if (reply.status == 503) response_.set(http::field::retry_after, "1");
    response_.keep_alive(keep_);
    response_.body() = std::move(reply.body);
    response_.prepare_payload();
    stream_.expires_after(shared_.settings.patience);
    http::async_write(stream_, response_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed) return;
      if (self->keep_) return self->ReadHead();
      self->SayFarewell();
    });
  }

 private:
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
    const std::lock_guard lock(shared_.mutex);
    shared_.waiting.push_back(shared_from_this());
    shared_.changed.notify_one();
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
    }
    std::optional<HttpReply> reply;
    if (!session->Left()) {
      try {
        reply = shared.answerer.answer(session->call());
      } catch (const std::exception& failure) {
        reply = shared.answerer.refuse(500, fmt::format("internal failure: {}", failure.what()));
      }
    }
    // The connection goes where it lives and ends there; this thread keeps no hold on it.
    asio::post(shared.loop, [session = std::move(session), reply = std::move(reply)]() mutable {
      if (reply) session->Say(std::move(*reply));
    });
  }
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
