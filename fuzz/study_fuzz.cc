#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "study/exposure.h"
#include "study/published_claims.h"
#include "study/scan_occurrences.h"

// Whatever a report of a scan, or a table of the study, holds: no crash, and numbers
// that agree with each other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::study;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Grouping grouping : {Grouping::kRule, Grouping::kCwe, Grouping::kThreat})
    for (const ComponentKind kind : {ComponentKind::kFolder, ComponentKind::kArtifact, ComponentKind::kAsset}) {
      const auto read = ReadScanOccurrences(text, "f", "r", grouping, kind);
      if (!read.ok()) continue;
      const Exposure exposure = AnalyzeExposure(read.value().occurrences, 1);
      if (exposure.weaknesses > exposure.occurrences || exposure.graph.giant > exposure.graph.nodes) std::abort();
    }
  StudyTables tables;
  for (const std::string_view name : {"cve_by_issue.csv", "cve_by_repository.csv", "cwe_to_impact_93.csv",
                                      "related_attacks_count.csv", "grouped_unique_cve_patterns.csv"})
    tables.Add(name, std::string(text));
  if (JudgeClaims(ComputeFigures(tables, 1)).empty()) std::abort();
  return 0;
}
