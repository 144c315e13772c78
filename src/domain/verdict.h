#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// How bad a finding is, and what is to be thought of an artifact as a whole.

namespace ringfort {

enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };

// Ordered by how much a reader must worry: the worst of several verdicts is
// their maximum. `clean` means: read to the end, and nothing found.
enum class Verdict : std::uint8_t { kClean, kIncomplete, kSuspicious, kMalicious };

inline constexpr std::array<std::string_view, 4> kSeverityNames = {"low", "medium", "high", "critical"};
inline constexpr std::array<std::string_view, 4> kVerdictNames = {"clean", "incomplete", "suspicious", "malicious"};

constexpr std::string_view Name(Severity severity) { return kSeverityNames[static_cast<std::size_t>(severity)]; }
constexpr std::string_view Name(Verdict verdict) { return kVerdictNames[static_cast<std::size_t>(verdict)]; }

constexpr std::optional<Severity> SeverityFromName(std::string_view name) {
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i)
    if (kSeverityNames[i] == name) return static_cast<Severity>(i);
  return std::nullopt;
}
constexpr std::optional<Verdict> VerdictFromName(std::string_view name) {
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i)
    if (kVerdictNames[i] == name) return static_cast<Verdict>(i);
  return std::nullopt;
}

}  // namespace ringfort
