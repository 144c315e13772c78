#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "games/breaker_file.h"
#include "games/circuit_breaker.h"

// `ringfort game breaker`: whether a service is to be taken down, from windows of telemetry.

namespace ringfort {

struct BreakerRequest {
  std::string path{};
  // In place of what the file says.
  std::optional<double> service_utility{};
  std::optional<double> least_capacity{};
  std::optional<std::uint64_t> windows{};
};

struct BreakerAnswer {
  std::string path{};
  games::BreakerFile file{};  // with the rule that was applied
  games::BreakerDecision decision{};
};

// Errors: the file cannot be read, holds no window, or no threshold is given (kUnavailable); the file is
// malformed (`path:line: ...`).
Result<BreakerAnswer> JudgeBreakerFile(const BreakerRequest& request);

// For a person; and {"schema": "ringfort.breaker-decision/1", ...}.
std::string WriteBreakerTable(const BreakerAnswer& answer);
std::string WriteBreakerJson(const BreakerAnswer& answer);

}  // namespace ringfort
