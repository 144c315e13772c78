#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "domain/scan_result.h"

namespace ringfort {

// Inline SVG, colored by classes of the report's style. No text from any file
// enters a picture.

// Artifacts by verdict as a ring, their number in the middle.
std::string VerdictRing(const ScanSummary& summary);

// Findings by severity as bars.
std::string SeverityBars(const ScanSummary& summary);

// The loop between data and models, with the number of findings on each Axis.
std::string LoopPicture(const std::array<std::uint64_t, 4>& counts);

}  // namespace ringfort
