#pragma once

#include <string>
#include <string_view>

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

// Who asked and waits for the answer. Used by the thread that answers.
class HttpCaller {
 public:
  virtual ~HttpCaller() = default;
  // False once he has closed the connection, or the server is to stop: no more need be done.
  virtual bool Waits() const = 0;
  // Sends a piece of an answer with status 200 at once; the first one tells its type. The
  // body of the reply is its end, and the rest of the reply is not looked at. Whom HTTP/1.0
  // leaves without pieces gets all of it at the end.
  virtual void Send(std::string_view content_type, std::string piece) = 0;
};

}  // namespace ringfort::service
