#include "domain/scan_result.h"

#include <algorithm>

namespace ringfort {

ScanSummary Summarize(const ScanResult& scan) {
  ScanSummary summary;
  for (const ArtifactReport& artifact : scan.artifacts) {
    const Verdict verdict = artifact.verdict();
    ++summary.verdicts[static_cast<std::size_t>(verdict)];
    ++summary.artifacts;
    summary.bytes += artifact.size;
    summary.cached += artifact.from_cache ? 1 : 0;
    summary.skipped += artifact.skipped.size();
    summary.worst = std::max(summary.worst, verdict);
    for (const Finding& finding : artifact.findings) {
      if (finding.suppressed.empty()) {
        ++summary.severities[static_cast<std::size_t>(finding.severity)];
        ++summary.findings;
      } else {
        ++summary.suppressed;
      }
    }
  }
  return summary;
}

const RuleCard* FindCard(const ScanResult& scan, std::string_view id) {
  const auto at =
      std::find_if(scan.rules.begin(), scan.rules.end(), [&](const RuleCard* card) { return card->id == id; });
  return at == scan.rules.end() ? nullptr : *at;
}

}  // namespace ringfort
