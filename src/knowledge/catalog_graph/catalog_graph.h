#pragma once

#include "knowledge/catalog/catalog.h"
#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

// The catalog as a threat graph. What it says of other catalogs (ATLAS techniques,
// CWE, OWASP) becomes mentions, so that an import of those completes them and finds
// its links in place. A link that we state and the literature does not carries the
// property `stated_by` = `ours`.
ThreatGraph GraphOf(const Catalog& catalog);

}  // namespace ringfort::knowledge
