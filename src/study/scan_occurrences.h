#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/occurrence.h"

namespace ringfort::study {

// A user's own scan as occurrences, so that what is asked of the published tables can
// be asked of it. The mapping is ours.

// What stands for the CVE: the finding's rule, each CWE of it, or each of our threats.
enum class Grouping : std::uint8_t { kRule, kCwe, kThreat };
inline constexpr std::array<std::string_view, 3> kGroupingNames = {"rule", "cwe", "threat"};

// What stands for the dependency: the folder right under what was scanned (each
// repository's own, so named `repository/folder`), the artifact by its digest (the
// same file in two repositories is one), or the asset that it was assigned to.
enum class ComponentKind : std::uint8_t { kFolder, kArtifact, kAsset };
inline constexpr std::array<std::string_view, 3> kComponentKindNames = {"folder", "artifact", "asset"};

struct ScanOccurrences {
  std::vector<Occurrence> occurrences{};
  std::uint64_t artifacts = 0;
  std::uint64_t incomplete = 0;  // artifacts of which something was not read
  std::uint64_t suppressed = 0;  // findings; they do not occur
};

// `text` is a report of schema ringfort.scan/1 or ringfort.assessment/1, `repository` the
// name that it goes by, `name` the file, for errors. A finding whose rule knows no CWE (or
// no threat) occurs as `no cwe` (`no threat`). Only an assessment knows assets.
Result<ScanOccurrences> ReadScanOccurrences(std::string_view text, std::string_view name, std::string_view repository,
                                            Grouping grouping, ComponentKind component);

}  // namespace ringfort::study
