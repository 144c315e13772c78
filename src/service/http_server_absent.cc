// The door RINGFORT_WITH_HTTP is shut.
#include "service/http_server.h"

namespace ringfort::service {

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(const HttpServerSettings&) {
  return Error{Fault::kUnsupported, "built without a server (RINGFORT_WITH_HTTP)"};
}

}  // namespace ringfort::service
