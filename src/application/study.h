#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/study_result.h"

namespace ringfort {

// Recomputes the repository study from the tables in `folder`. A table that is missing
// or broken is said in the result; what needs it is not available. Fails if there is no
// such folder, or none of the study's tables lies in it.
Result<study::RepositoryStudy> RunRepositoryStudy(const std::string& folder, std::uint64_t seed);

// The same analyses of reports of `ringfort scan` or `ringfort assess`, one a repository. A
// repository goes by the name of its file without folder and ending; where two would be
// the same, by the whole path. Fails at the first file that cannot be read.
Result<study::ScanStudy> RunScanStudy(const std::vector<std::string>& files, study::Grouping grouping,
                                      study::ComponentKind component, std::uint64_t seed);

}  // namespace ringfort
