#include "domain/finding.h"

#include <algorithm>

#include "domain/rule.h"

namespace ringfort {

Verdict ArtifactReport::verdict() const {
  Verdict worst = skipped.empty() ? Verdict::kClean : Verdict::kIncomplete;
  for (const Finding& finding : findings)
    if (finding.suppressed.empty()) worst = std::max(worst, VerdictOf(finding.severity));
  return worst;
}

}  // namespace ringfort
