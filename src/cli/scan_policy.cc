#include "cli/scan_policy.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "application/policy_file.h"
#include "application/scan.h"
#include "base/text.h"
#include "cli/exit_code.h"

namespace ringfort {

Result<ScanPolicy> OpenPolicy(const std::string& path, const std::string& fail_on) {
  ScanPolicy opened;
  if (!path.empty()) {
    TRY(loaded, LoadPolicy(path));
    const std::string today = UtcNow().substr(0, 10);
    for (const Suppression& expired : ExpiredEntries(loaded, today))
      std::fputs(fmt::format("warning: {}:{}: the suppression of {} expired on {} and no longer counts\n", path,
                             expired.line, Printable(expired.rule, 40), expired.expires)
                     .c_str(),
                 stderr);
    if (loaded.fail_on) opened.fail_on = *loaded.fail_on;
    opened.amend = [policy = std::make_shared<Policy>(std::move(loaded)), today](ArtifactReport& report) {
      ApplyPolicy(*policy, today, report);
    };
  }
  if (const auto severity = SeverityFromName(fail_on)) opened.fail_on = *severity;
  return opened;
}

int ExitCodeOf(const ScanSummary& summary, Severity fail_on) {
  for (std::size_t severity = static_cast<std::size_t>(fail_on); severity < summary.severities.size(); ++severity)
    if (summary.severities[severity] > 0) return kExitFindings;
  return summary.skipped > 0 ? kExitIncomplete : kExitClean;
}

}  // namespace ringfort
