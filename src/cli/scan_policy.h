#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "domain/finding.h"
#include "domain/scan_result.h"

namespace ringfort {

// What `--policy` and `--fail-on` come to together.
struct ScanPolicy {
  Severity fail_on = Severity::kMedium;
  std::function<void(ArtifactReport&)> amend{};  // null without a policy
};

// Reads the policy if a path is given, and warns on standard error of each entry
// that has expired. The command line's `fail_on` (may be empty) wins over the
// policy's.
Result<ScanPolicy> OpenPolicy(const std::string& path, const std::string& fail_on);

// 0, 1 or 3, see exit_code.h.
int ExitCodeOf(const ScanSummary& summary, Severity fail_on);

}  // namespace ringfort
