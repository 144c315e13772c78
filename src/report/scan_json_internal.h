#pragma once

#include "base/json.h"
#include "domain/scan_result.h"

namespace ringfort {

// The document of WriteScanJson, for reports that carry a scan inside.
Json ScanDocument(const ScanResult& scan);

}  // namespace ringfort
