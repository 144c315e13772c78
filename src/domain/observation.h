#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringfort {

// What was tried on a target and how often it worked: the evidence that updates a
// step's prior. `trials` are independent tries of one step; with mitigations in
// place it tells what those let through.
struct Observation {
  std::string id{};                        // see ObservationId
  std::string step{};                      // StepRule::id of the catalog
  std::string asset{};                     // Asset::id that was tried; empty: it holds for any
  std::vector<std::string> mitigations{};  // Mitigation::id in place meanwhile; sorted, each once
  bool adaptive = false;                   // the tries were made by one who knew those mitigations
  std::uint64_t successes = 0;
  std::uint64_t trials = 0;    // 1 to kMaximumTrials
  std::string source{};        // which run, file or paper; for a person
  std::string measured_at{};   // RFC 3339
  std::string tool_version{};  // of the Ringfort that measured; empty if it was another tool
  std::uint64_t seed = 0;      // 0 where nothing was drawn
  friend bool operator==(const Observation&, const Observation&) = default;
};

inline constexpr std::uint64_t kMaximumTrials = 1'000'000'000'000;

// SHA-256 in lower-case hex over all the rest: told twice, an observation counts once.
std::string ObservationId(const Observation& observation);

// Sorts the mitigations and sets the id.
Observation Identified(Observation observation);

// Error (kInvalidInput, one sentence): no step, no source, no trial or too many of
// them, more successes than trials, a time that is none, text that is not UTF-8, or an id
// or an order of mitigations that is not that of Identified.
Status CheckObservation(const Observation& observation);

// `2026-11-21T10:00:00Z`, with a fraction of the second or an offset such as `+01:00`
// if need be; a day that the calendar has. Source: RFC 3339, 5.6; no leap seconds.
bool IsTime(std::string_view text);

}  // namespace ringfort
