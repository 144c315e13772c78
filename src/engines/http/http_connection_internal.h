#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "engines/http/http_exchange.h"

namespace boost::asio {
class io_context;
}

namespace ringfort::engines {

using Deadline = std::chrono::steady_clock::time_point;

// One connection that is opened when it is needed and kept for the next request. HTTP/1.1
// by Boost.Beast, TLS by OpenSSL, with the host's name checked against its certificate.
// Redirects are not followed. One request at a time.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  // `done` is called once, by the loop. REQUIRES: `request` outlives that call.
  virtual void Exchange(const HttpRequest& request, Deadline deadline, std::function<void(ExchangeResult)> done) = 0;
};

// Makes connections to one endpoint.
class HttpConnector {
 public:
  virtual ~HttpConnector() = default;
  virtual std::unique_ptr<HttpConnection> Connection() = 0;
  virtual std::uint64_t opened() const = 0;  // connections so far
};

// REQUIRES: loop outlives the connector, the connector its connections.
Result<std::unique_ptr<HttpConnector>> MakeHttpConnector(const HttpSettings& settings, boost::asio::io_context& loop);

}  // namespace ringfort::engines
