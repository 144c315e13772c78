#pragma once

#include <string>

#include "study/study_result.h"

namespace ringfort {

// The recomputed study for a person: published against recomputed, why what does not
// reproduce does not, then what the occurrences say. All file content is made
// printable. Ends with a newline.
std::string WriteStudyTable(const study::RepositoryStudy& study);

std::string WriteScanStudyTable(const study::ScanStudy& study);

}  // namespace ringfort
