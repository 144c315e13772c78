#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

// The circuit breaker: when a service is to be taken down because, with every defense up, it
// is expected to lose more than it is worth, or can no longer serve who may use it. In each
// window of telemetry it trips if
//
//   max over attacks a of  L(D_all, a) x P(a | telemetry)  >  U_service,   or
//   authorised C_eff  <  C_min,
//
// and it is pulled once k windows in a row trip. What was not measured neither trips a
// window nor clears it: such a window is unjudged, and if the breaker would be pulled
// had it tripped, the decision is unjudged too, and says what was missing.
//
// This rule is Ringfort's own definition; no paper gives one. Units are the caller's: losses and
// U_service in one, capacities in another (bits per second, say).

namespace ringfort::games {

struct BreakerRule {
  std::optional<double> service_utility{};  // U_service; without it the first condition is not asked
  std::optional<double> least_capacity{};   // C_min; without it the second is not
  std::uint64_t windows = 1;                // k
};

// NaN and absent numbers were not measured.
struct BreakerWindow {
  struct Attack {
    std::string name{};
    std::optional<double> loss{};       // L(D_all, a), with every defense up
    std::optional<double> posterior{};  // P(a | telemetry), in [0, 1]
  };

  std::string name{};
  std::vector<Attack> attacks{};
  std::optional<double> capacity{};  // authorised C_eff, >= 0
};

enum class BreakerVerdict { kHold, kPull, kUnjudged };

struct JudgedWindow {
  std::optional<std::size_t> attack{};  // which of the judged attacks attains the maximum
  double expected_loss = 0;             // of that one
  std::optional<bool> too_costly{};     // the first condition; nothing: unjudged, or not asked
  std::optional<bool> too_narrow{};     // the second
  std::vector<std::string> missing{};   // what was not measured, in words
  // kPull: a condition holds, whatever is missing. kUnjudged: none is known to, and not all are known.
  BreakerVerdict verdict = BreakerVerdict::kHold;
  std::uint64_t run = 0;  // how many windows in a row have tripped, this one included
};

struct BreakerDecision {
  BreakerVerdict verdict = BreakerVerdict::kHold;
  std::optional<std::size_t> since{};  // kPull: the first window of the first run of k; kUnjudged: of what might be one
  std::optional<std::size_t> pulled{};  // kPull: the last window of that run
  std::vector<JudgedWindow> windows{};  // all of them, also those after it was pulled
};

// Errors, one sentence each: no window, k = 0, neither threshold given, a threshold that is NaN.
Result<BreakerDecision> JudgeBreaker(const BreakerRule& rule, const std::vector<BreakerWindow>& windows);

}  // namespace ringfort::games
