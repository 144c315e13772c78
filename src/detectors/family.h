#pragma once

#include <vector>

#include "detectors/detector.h"

namespace ringfort::detectors {

// Every detector of this folder, in the order in which `list` shows them.
std::vector<DetectorEntry> Family();

}  // namespace ringfort::detectors
