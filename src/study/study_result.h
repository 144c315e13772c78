#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/exposure.h"
#include "study/published_claims.h"
#include "study/repository_study.h"
#include "study/scan_occurrences.h"

// What one run of `ringfort study` yields; every report is written from these.

namespace ringfort::study {

struct RepositoryStudy {
  std::string folder;
  StudyFigures figures;
  std::vector<Claim> claims;
  std::vector<std::string> missing;  // tables that are not in the folder
  std::vector<std::string> faults;   // what could not be read
};

struct ScanStudy {
  struct Source {
    std::string file{};
    std::string repository{};  // the name that it goes by
    std::uint64_t artifacts = 0;
    std::uint64_t incomplete = 0;
    std::uint64_t suppressed = 0;
  };

  std::vector<Source> sources{};
  Grouping grouping = Grouping::kRule;
  ComponentKind component = ComponentKind::kFolder;
  Exposure exposure{};
};

}  // namespace ringfort::study
