#pragma once

#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// 7z archives. No framework writes its checkpoints so; what makes one dangerous is
// that torch.load once followed 7z-packed pickles where scanners did not.
void InspectSevenZip(const Content& content, Inspection& inspection);

}  // namespace ringfort::scanners
