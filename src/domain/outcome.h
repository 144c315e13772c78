#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringfort {

// How one try of an attack ended. `unjudged` (nobody could tell) and `error` (the
// target did not answer) are never `failed`: rates are told with and without them.
enum class Outcome : std::uint8_t { kSucceeded, kFailed, kUnjudged, kError };

inline constexpr std::array<std::string_view, 4> kOutcomeNames = {"succeeded", "failed", "unjudged", "error"};

constexpr std::string_view Name(Outcome outcome) { return kOutcomeNames[static_cast<std::size_t>(outcome)]; }

constexpr std::optional<Outcome> OutcomeFromName(std::string_view name) {
  for (std::size_t i = 0; i < kOutcomeNames.size(); ++i)
    if (kOutcomeNames[i] == name) return static_cast<Outcome>(i);
  return std::nullopt;
}

}  // namespace ringfort
