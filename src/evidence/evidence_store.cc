#include "evidence/evidence_store.h"

namespace ringfort {

ArtifactReport Recalled(ArtifactReport stored, std::string_view path) {
  for (Finding& finding : stored.findings) {
    finding.suppressed.clear();
    if (finding.where.container.starts_with(stored.path)) finding.where.container.replace(0, stored.path.size(), path);
  }
  stored.path = path;
  stored.from_cache = true;
  return stored;
}

}  // namespace ringfort
