#pragma once

#include <string>

// One request of HTTP and what is said to it, without the wire.

namespace ringfort::service {

// The head of a request, and its body once that was read. Empty: the header is not there.
struct HttpCall {
  std::string method{};
  std::string target{};  // "/v1/models?x=y"
  std::string host{};
  std::string authorization{};
  std::string content_type{};
  std::string body{};
};

struct HttpReply {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::string allow{};  // with 405: the methods that there are
};

}  // namespace ringfort::service
