#pragma once

#include <span>
#include <string_view>

#include "domain/verdict.h"

namespace ringfort {

// A rule's visiting card: everything that a report, `ringfort rules` or a policy
// has to know of a rule without running it. A constexpr aggregate in the .cc
// file of the rule.
//
// Severity and verdict go together: a rule of low severity is a remark and leaves
// its artifact clean; medium and high make it suspicious; critical makes it
// malicious (the content does, when loaded, what no honest model file does).
struct RuleCard {
  std::string_view id;    // `RF-PKL-001`; reaches files and users, so forever
  std::string_view name;  // snake_case, for SARIF and for search
  Severity severity;
  std::string_view title;                     // one line, no full stop
  std::string_view why;                       // plain sentence: why it matters
  std::string_view fix;                       // plain sentence: what to do
  std::span<const std::string_view> threats;  // ids: our own, ATLAS (`AML.T...`), `CWE-...`
};

constexpr Verdict VerdictOf(Severity severity) {
  switch (severity) {
    case Severity::kLow: return Verdict::kClean;
    case Severity::kMedium:
    case Severity::kHigh: return Verdict::kSuspicious;
    case Severity::kCritical: return Verdict::kMalicious;
  }
  return Verdict::kSuspicious;
}

}  // namespace ringfort
