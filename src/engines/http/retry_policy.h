#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

#include "base/random.h"

// When to ask an endpoint again, and after how long. Pure: no clock, no network.

namespace ringfort::engines {

struct RetryPolicy {
  std::uint32_t attempts = 5;                     // in all; 1: never again
  std::chrono::milliseconds first_wait{250};      // doubles with each attempt
  std::chrono::milliseconds longest_wait{30000};  // of ours and of what the endpoint asks for
};

// Too many requests, and faults of a server that pass: 408, 429, 500, 502, 503, 504, 529.
bool MayPass(int status);

// How long to wait after the attempt number `attempt` (from 1) failed: the doubled wait,
// of which the upper half is drawn at random so that many clients do not come back
// together, but no less than the endpoint asks for. None: give up, since all attempts are
// used up or the endpoint asks for more than longest_wait.
std::optional<std::chrono::milliseconds> RetryWait(const RetryPolicy& policy, std::uint32_t attempt,
                                                   std::optional<std::chrono::milliseconds> retry_after,
                                                   Random& random);

// The header Retry-After (RFC 9110, 10.2.3): seconds, or a date of the preferred form,
// "Sun, 06 Nov 1994 08:49:37 GMT", counted from `now`. A date that is over is 0. None
// for what is neither. At most a day.
std::optional<std::chrono::milliseconds> ParseRetryAfter(std::string_view text, std::time_t now);

}  // namespace ringfort::engines
