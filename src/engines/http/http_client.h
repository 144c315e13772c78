#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engines/http/http_exchange.h"
#include "engines/http/retry_policy.h"

// Asks one endpoint, with several requests at once over connections that are kept.
//
// Asked again, by the retry policy: where the endpoint cannot be reached, where the
// connection breaks, and at the statuses that pass (MayPass). Not asked again: where it
// stalls, speaks no HTTP or answers too much. A kept connection that the endpoint had
// closed meanwhile is replaced without counting as an attempt. Any other status is an
// answer. Errors name the endpoint and never the key; an answer that repeats the key
// has it taken out.
//
// Not thread-safe: the caller's thread runs all of it until the last answer is there.

namespace ringfort::engines {

class HttpClient {
 public:
  // kInvalidInput for settings that cannot be: a key that would travel in the clear to
  // another machine, certificates that cannot be read.
  static Result<std::unique_ptr<HttpClient>> Make(const HttpSettings& settings, const RetryPolicy& policy,
                                                  std::uint64_t seed = 1);
  ~HttpClient();

  // In the order of the requests. kUnavailable where there is no answer, kLimitExceeded
  // where it is too large.
  std::vector<Result<HttpAnswer>> SendAll(std::span<const HttpRequest> requests);
  Result<HttpAnswer> Send(const HttpRequest& request);

  // `what`, behind the name of the endpoint and without the key.
  Error Complaint(Fault fault, std::string_view what) const;

  std::uint64_t opened() const;   // connections
  std::uint64_t retries() const;  // attempts that were not the first

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ringfort::engines
