#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "service/http_call.h"

// A small server of HTTP/1.1 that thinks about one request at a time.
//
// Connections are read and written side by side by the thread that calls Run; what needs
// thought is answered by one other thread, in the order in which requests were read whole,
// whole or in pieces as they are thought of. Who closes the connection, or shuts its side of
// it, is found out within 100 ms: a request that waits is dropped, and who answers one is told.
//
// Bounds, each with an answer that says so: the head (431), the body (413), connections at
// once and requests that wait (503, to come back after a second), the time in which a request
// must be there whole and an answer, or a piece of it, be taken (the connection is closed). What is no HTTP is 400.
// `Expect: 100-continue` is heard. No TLS: who serves beyond this machine puts something in front that has it.
//
// Boost.Beast, behind the door RINGFORT_WITH_HTTP; with the door shut Listen says so.

namespace ringfort::service {

struct HttpServerSettings {
  std::string host = "127.0.0.1";  // an address of this machine, or "localhost"
  std::uint16_t port = 0;          // 0: the system chooses
  bool beyond_loopback = false;    // else an address that others can reach is refused
  std::string software{};          // the header Server
  std::uint32_t head_bytes = 16 << 10;
  std::uint64_t body_bytes = std::uint64_t{4} << 20;
  std::uint32_t connections = 64;
  std::uint32_t queue = 32;  // requests that wait while another is answered
  std::chrono::milliseconds patience{60'000};
};

struct HttpAnswerer {
  // By the head alone; called on the thread of Run, and while `answer` works. None: the body
  // is read and `answer` asked.
  std::function<std::optional<HttpReply>(const HttpCall&)> at_once{};
  std::function<HttpReply(const HttpCall&, HttpCaller&)> answer{};
  // A refusal that the server itself has to make, in the caller's form.
  HttpReply (*refuse)(int status, std::string_view message) = nullptr;
};

struct HttpServerCount {
  std::uint64_t answered = 0;  // with a status below 400
  std::uint64_t refused = 0;
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;

  // Listens, and answers nobody yet. kUnavailable: no address, one that is not allowed, or
  // one where nobody can listen.
  static Result<std::unique_ptr<HttpServer>> Listen(const HttpServerSettings& settings);

  virtual std::string address() const = 0;  // "http://127.0.0.1:8080"
  virtual bool loopback() const = 0;

  // Serves until `go_on`, asked twenty times a second, is false. Who answers then is told
  // that nobody waits, and waited for. Once.
  virtual HttpServerCount Run(const HttpAnswerer& answerer, const std::function<bool()>& go_on) = 0;
};

}  // namespace ringfort::service
