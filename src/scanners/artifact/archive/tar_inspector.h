#pragma once

#include "scanners/artifact/inspection.h"

// Tar archives, torch's oldest checkpoints among them (members `sys_info`,
// `pickle`, `storages`, `tensors`). Reads forward, so it works from a stream as
// well as from memory.

namespace ringfort::scanners {

void InspectTar(const Content& content, Inspection& inspection);

}  // namespace ringfort::scanners
