#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/finding.h"
#include "domain/rule.h"
#include "domain/verdict.h"

namespace ringfort {

// What one run of the scanner yields; every report is written from this.
struct ScanResult {
  std::string tool_version;      // `0.1.0`
  std::string rule_set_version;  // `2026.11.21`
  std::string mode;              // `full` or `structure`
  std::string started_at;        // RFC 3339 in UTC, `2026-11-21T10:00:00Z`
  double seconds = 0;            // wall time of the whole scan
  std::vector<ArtifactReport> artifacts;
  std::vector<const RuleCard*> rules;  // every rule that could have spoken; not owned, outlives the result
  std::vector<std::string> roots;      // what the user asked for
};

// Counts over a whole scan. Suppressed findings are counted apart and nowhere else.
struct ScanSummary {
  std::array<std::uint64_t, 4> verdicts{};    // artifacts, by Verdict
  std::array<std::uint64_t, 4> severities{};  // unsuppressed findings, by Severity
  std::uint64_t artifacts = 0;
  std::uint64_t findings = 0;    // unsuppressed
  std::uint64_t suppressed = 0;  // findings
  std::uint64_t skipped = 0;     // parts that were not read
  std::uint64_t cached = 0;      // artifacts taken from an earlier run
  std::uint64_t bytes = 0;       // size of all artifacts
  Verdict worst = Verdict::kClean;
};

ScanSummary Summarize(const ScanResult& scan);

// The card behind a finding's rule id, or null. Linear in the number of rules.
const RuleCard* FindCard(const ScanResult& scan, std::string_view id);

}  // namespace ringfort
