#include "service/serve_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/version.h"
#include "base/file.h"
#include "base/text.h"
#include "service/model_service.h"

namespace ringfort::service {
namespace {

constexpr std::size_t kShortestKey = 8;
constexpr std::size_t kLongestKey = 4096;

HttpReply Refuse(int status, std::string_view message) { return Refusal(status, message); }

}  // namespace

Result<std::string> ReadKeyFile(const std::string& path) {
  TRY(key, ReadTextFile(path, 2 * kLongestKey));
  while (key.ends_with('\n') || key.ends_with('\r')) key.pop_back();
  if (key.size() < kShortestKey || key.size() > kLongestKey ||
      std::ranges::any_of(key, [](char c) { return c <= ' ' || c > '~'; }))
    return Error{Fault::kInvalidInput,
                 fmt::format("{}: holds no key: one line of {} to {} printable characters without a space",
                             Printable(path, 500), kShortestKey, kLongestKey)};
  return key;
}

Result<HttpServerCount> ServeModel(const ServeOptions& options, const std::function<void(const ServedAddress&)>& ready,
                                   const std::function<bool()>& go_on) {
  if (options.source.starts_with("http://") || options.source.starts_with("https://"))
    return Error{Fault::kUnsupported, "an address is served already: name a file or a folder"};
  ServiceRules rules{.maximum_tokens = options.maximum_tokens, .time = options.time};
  if (!options.key_file.empty()) {
    TRY(key, ReadKeyFile(options.key_file));
    rules.key = std::move(key);
  }
  HttpServerSettings settings = options.server;
  settings.software = fmt::format("ringfort/{}", kVersion);
  // First, since a model may take minutes to load.
  TRY(server, HttpServer::Listen(settings));
  rules.only_loopback = server->loopback();
  const bool has_key = !rules.key.empty();
  TRY(model, OpenModel(options.source, options.model));
  ModelService service(*model, std::move(rules));
  const HttpAnswerer answerer{
      .at_once = [&](const HttpCall& call) { return service.AtOnce(call); },
      .answer = [&](const HttpCall& call, HttpCaller& caller) { return service.Answer(call, caller); },
      .refuse = Refuse};
  ready({server->address() + "/v1", server->loopback(), has_key});
  return server->Run(answerer, go_on);
}

}  // namespace ringfort::service
