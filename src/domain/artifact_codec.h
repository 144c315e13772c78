#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/finding.h"

namespace ringfort {

// An ArtifactReport as bytes and back, for the way between a worker and its
// parent: little-endian numbers, texts with a 32-bit length before them. Not a
// file format; it may change with every version.
std::string EncodeArtifactReport(const ArtifactReport& report);

// Trusts nothing: a worker that parsed hostile bytes may be in their hands.
Result<ArtifactReport> DecodeArtifactReport(ByteView bytes);

}  // namespace ringfort
