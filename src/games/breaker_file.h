#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "games/circuit_breaker.h"

// Windows of telemetry, oldest first, in one of two forms, told apart by how they begin:
//
// JSON (ringfort.breaker/1), which may hold the rule too:
//
//   {"schema": "ringfort.breaker/1", "service_utility": 3, "least_capacity": 2, "windows_in_a_row": 2,
//    "windows": [{"name": "12:00", "capacity": 5,
//                 "attacks": [{"name": "jailbreak", "loss": 8, "posterior": 0.1}]}]}
//
// CSV, one attack a line, with the columns window, attack, loss, posterior and perhaps capacity
// in any order; lines of one window follow each other.
//
// A number that is left out, null, `nan` or infinite was not measured.

namespace ringfort::games {

struct BreakerFile {
  BreakerRule rule{};
  std::vector<BreakerWindow> windows{};
};

// Errors begin with `name:line: `: what is malformed, members or columns that do not exist,
// texts that are no numbers, two capacities of one window, more than 64 MiB.
Result<BreakerFile> ReadBreaker(std::string_view text, std::string_view name);

}  // namespace ringfort::games
