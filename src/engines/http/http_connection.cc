#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>
#include <utility>

#include "engines/http/http_connection_internal.h"

namespace ringfort::engines {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using PlainStream = beast::tcp_stream;
using SecureStream = beast::ssl_stream<beast::tcp_stream>;

// What all connections share.
struct Endpoint {
  HttpSettings settings;
  asio::io_context& loop;
  asio::ssl::context* tls = nullptr;
  std::optional<tcp::resolver::results_type> addresses{};  // of the last lookup that led to a connection
  std::uint64_t opened = 0;
};

template <class Stream>
class Connection final : public HttpConnection {
 public:
  explicit Connection(Endpoint& endpoint) : endpoint_(endpoint), resolver_(endpoint.loop) {}

  void Exchange(const HttpRequest& request, Deadline deadline, std::function<void(ExchangeResult)> done) override {
    deadline_ = deadline;
    done_ = std::move(done);
    result_ = {};
    Fill(request);
    reused_ = stream_.has_value();
    answer_began_ = false;
    if (reused_) return Write();
    if (endpoint_.addresses) return Connect(*endpoint_.addresses);
    const Url& url = endpoint_.settings.url;
    resolver_.async_resolve(url.host, std::to_string(url.port),
                            [this](error_code failed, const tcp::resolver::results_type& addresses) {
                              if (failed)
                                return End(ExchangeEnd::kUnreachable, "its name has no address: " + failed.message());
                              Connect(addresses);
                            });
  }

 private:
  beast::tcp_stream& Lowest() { return beast::get_lowest_layer(*stream_); }

  void Limit(std::chrono::milliseconds wanted) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
    Lowest().expires_after(std::clamp(left, std::chrono::milliseconds(1), wanted));
  }

  void Fill(const HttpRequest& request) {
    request_ = {};
    request_.version(11);
    request_.method_string(request.method);
    request_.target(request.target);
    request_.set(http::field::host, endpoint_.settings.url.Authority());
    request_.set(http::field::user_agent, "ringfort");
    request_.set(http::field::accept, "application/json, text/event-stream");
    request_.set(http::field::accept_encoding, "identity");
    if (const Secret& key = endpoint_.settings.key; !key.empty()) {
      request_.set(http::field::authorization, "Bearer " + key.Reveal());
    }
    if (!request.body.empty()) {
      request_.set(http::field::content_type, "application/json");
      request_.body() = request.body;
    }
    request_.prepare_payload();
  }

  void Connect(const tcp::resolver::results_type& addresses) {
    ++endpoint_.opened;
    if constexpr (std::is_same_v<Stream, SecureStream>) {
      stream_.emplace(endpoint_.loop, *endpoint_.tls);
    } else {
      stream_.emplace(endpoint_.loop);
    }
    buffer_.clear();
    Limit(endpoint_.settings.connect_timeout);
    Lowest().async_connect(addresses, [this, addresses](error_code failed, const tcp::endpoint&) {
      if (failed) {
        return End(ExchangeEnd::kUnreachable,
                   failed == beast::error::timeout ? "no connection in time" : failed.message());
      }
      endpoint_.addresses = addresses;
      error_code ignored;
      Lowest().socket().set_option(tcp::no_delay(true), ignored);
      if constexpr (std::is_same_v<Stream, SecureStream>) {
        Shake();
      } else {
        Write();
      }
    });
  }

  void Shake() {
    const std::string& host = endpoint_.settings.url.host;
    error_code no_address;
    asio::ip::make_address(host, no_address);
    // An address has no place in the server name of TLS.
    if (no_address) SSL_set_tlsext_host_name(stream_->native_handle(), host.c_str());
    error_code failed;
    stream_->set_verify_callback(asio::ssl::host_name_verification(host), failed);
    if (failed) return End(ExchangeEnd::kUntrusted, failed.message());
    Limit(endpoint_.settings.connect_timeout);
    stream_->async_handshake(asio::ssl::stream_base::client, [this](error_code error) {
      if (!error) return Write();
      const long verdict = SSL_get_verify_result(stream_->native_handle());
      if (verdict != X509_V_OK) {
        return End(ExchangeEnd::kUntrusted,
                   fmt::format("its certificate is not believed: {}", X509_verify_cert_error_string(verdict)));
      }
      End(ExchangeEnd::kUntrusted,
          error == beast::error::timeout ? "no answer to TLS in time" : "TLS failed: " + error.message());
    });
  }

  void Write() {
    Limit(endpoint_.settings.idle_timeout);
    http::async_write(*stream_, request_, [this](error_code failed, std::size_t) {
      if (failed) return Broke(failed);
      parser_.emplace();
      parser_->body_limit(endpoint_.settings.answer_bytes);
      parser_->header_limit(64 * 1024);
      Read();
    });
  }

  // Piece by piece, so that each piece is waited for anew.
  void Read() {
    Limit(endpoint_.settings.idle_timeout);
    http::async_read_some(*stream_, buffer_, *parser_, [this](error_code failed, std::size_t bytes) {
      answer_began_ |= bytes > 0 || parser_->got_some();
      if (failed) return Broke(failed);
      if (!parser_->is_done()) return Read();
      auto& message = parser_->get();
      HttpAnswer& answer = result_.answer;
      answer.status = static_cast<int>(message.result_int());
      answer.content_type = std::string(message[http::field::content_type]);
      answer.retry_after = std::string(message[http::field::retry_after]);
      answer.server = std::string(message[http::field::server]);
      answer.body = std::move(message.body());
      const bool keep = message.keep_alive() && buffer_.size() == 0;
      parser_.reset();
      Lowest().expires_never();
      if (!keep) Close();
      Finish(ExchangeEnd::kAnswered);
    });
  }

  void Broke(error_code failed) {
    const bool clean_end = failed == http::error::end_of_stream || failed == asio::error::eof ||
                           failed == asio::ssl::error::stream_truncated;
    if (failed == beast::error::timeout) return End(ExchangeEnd::kStalled, "nothing came for too long");
    if (failed == http::error::body_limit || failed == http::error::header_limit ||
        failed == http::error::buffer_overflow) {
      return End(ExchangeEnd::kTooLarge,
                 fmt::format("its answer is larger than {} bytes", endpoint_.settings.answer_bytes));
    }
    if (failed == http::error::partial_message || (clean_end && answer_began_)) {
      return End(ExchangeEnd::kBroken, "the connection was closed in the middle of an answer");
    }
    if (clean_end) {
      result_.was_idle = reused_;
      return End(ExchangeEnd::kBroken, "the connection was closed without an answer");
    }
    if (failed.category() == http::make_error_code(http::error::bad_version).category()) {
      return End(ExchangeEnd::kNotHttp, "what it answers is no HTTP: " + failed.message());
    }
    result_.was_idle = reused_ && !answer_began_;
    End(ExchangeEnd::kBroken, "the connection broke: " + failed.message());
  }

  void End(ExchangeEnd end, std::string reason) {
    result_.reason = std::move(reason);
    if (end == ExchangeEnd::kUnreachable) endpoint_.addresses.reset();
    parser_.reset();
    Close();
    Finish(end);
  }

  void Close() {
    if (!stream_) return;
    Lowest().close();
    stream_.reset();
  }

  void Finish(ExchangeEnd end) {
    result_.end = end;
    // `done` may begin the next exchange at once.
    auto done = std::exchange(done_, nullptr);
    done(std::move(result_));
  }

  Endpoint& endpoint_;
  tcp::resolver resolver_;
  std::optional<Stream> stream_;
  beast::flat_buffer buffer_{1 << 20};
  http::request<http::string_body> request_;
  std::optional<http::response_parser<http::string_body>> parser_;
  std::function<void(ExchangeResult)> done_;
  ExchangeResult result_;
  Deadline deadline_;
  bool reused_ = false;
  bool answer_began_ = false;
};

class Connector final : public HttpConnector {
 public:
  Connector(const HttpSettings& settings, asio::io_context& loop)
      : tls_(asio::ssl::context::tls_client), endpoint_{settings, loop} {
    endpoint_.tls = &tls_;
  }

  Status Trust() {
    if (!endpoint_.settings.url.secure) return Done{};
    error_code failed;
    tls_.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
        failed);
    tls_.set_verify_mode(asio::ssl::verify_peer, failed);
    tls_.set_default_verify_paths(failed);
    const std::string& file = endpoint_.settings.certificate_file;
    if (failed || file.empty()) return Done{};
    tls_.load_verify_file(file, failed);
    if (failed)
      return Error{Fault::kInvalidInput, fmt::format("cannot read certificates from {}: {}", file, failed.message())};
    return Done{};
  }

  std::unique_ptr<HttpConnection> Connection() override {
    if (endpoint_.settings.url.secure) return std::make_unique<engines::Connection<SecureStream>>(endpoint_);
    return std::make_unique<engines::Connection<PlainStream>>(endpoint_);
  }

  std::uint64_t opened() const override { return endpoint_.opened; }

 private:
  asio::ssl::context tls_;
  Endpoint endpoint_;
};

}  // namespace

Result<std::unique_ptr<HttpConnector>> MakeHttpConnector(const HttpSettings& settings, asio::io_context& loop) {
  try {
    auto connector = std::make_unique<Connector>(settings, loop);
    TRY_STATUS(connector->Trust());
    return std::unique_ptr<HttpConnector>(std::move(connector));
  } catch (const std::exception& failed) {
    return Error{Fault::kInternal, fmt::format("cannot set up TLS: {}", failed.what())};
  }
}

}  // namespace ringfort::engines
