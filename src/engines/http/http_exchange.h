#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "engines/http/secret.h"
#include "engines/http/url.h"

// What goes over one connection, and how it may end.

namespace ringfort::engines {

struct HttpRequest {
  std::string method = "POST";
  std::string target{};  // "/v1/completions"
  std::string body{};    // JSON
};

struct HttpAnswer {
  int status = 0;
  std::string content_type{};
  std::string retry_after{};
  std::string server{};
  std::string body{};
};

// How an attempt ended. All but kAnswered have a reason in words.
enum class ExchangeEnd : std::uint8_t {
  kAnswered,
  kUnreachable,  // no address, no connection
  kUntrusted,    // TLS could not be agreed upon, or the certificate is not believed
  kBroken,       // the connection broke before the whole answer was there
  kStalled,      // nothing came for too long
  kNotHttp,      // what came is no HTTP
  kTooLarge,     // more came than is allowed
};

struct ExchangeResult {
  ExchangeEnd end = ExchangeEnd::kBroken;
  HttpAnswer answer{};
  std::string reason{};
  // The connection had served before and broke before any byte came: the endpoint had
  // closed it meanwhile, which is no fault.
  bool was_idle = false;
};

struct HttpSettings {
  Url url{};
  Secret key{};
  std::string certificate_file{};                     // PEM of who is believed besides the system's own; https
  std::uint32_t connections = 4;                      // at most so many requests at once; 1 to 256
  std::chrono::milliseconds connect_timeout{10'000};  // for TCP, and again for TLS
  std::chrono::milliseconds idle_timeout{60'000};     // between two pieces of an answer
  std::chrono::milliseconds whole_timeout{300'000};   // of a request with all its attempts
  std::uint64_t answer_bytes = std::uint64_t{64} << 20;
};

}  // namespace ringfort::engines
