#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "application/model_source.h"
#include "base/result.h"
#include "service/http_server.h"

// `ringfort model serve`: a model of this machine as an endpoint of OpenAI's protocol
// (model_service.h) until somebody stops it.

namespace ringfort::service {

struct ServeOptions {
  std::string source{};  // as for OpenModel, but no address: who serves an endpoint lends its key
  ModelOptions model{};
  std::string key_file{};  // holds the key that clients must name; empty: none
  HttpServerSettings server{};
  std::uint32_t maximum_tokens = 0;  // of one answer; 0: what the context holds
  std::chrono::seconds time{300};    // that one request may be computed; 0: no bound
};

struct ServedAddress {
  std::string url{};  // "http://127.0.0.1:8080/v1"
  bool loopback = true;
  bool key = false;
};

// Calls `ready` once requests are taken, then serves until `go_on` is false.
Result<HttpServerCount> ServeModel(const ServeOptions& options, const std::function<void(const ServedAddress&)>& ready,
                                   const std::function<bool()>& go_on);

// The key in a file: one line of 8 to 4,096 printable characters without a space.
Result<std::string> ReadKeyFile(const std::string& path);

}  // namespace ringfort::service
