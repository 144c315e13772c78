#include "detectors/family.h"

#include "detectors/compliance.h"
#include "detectors/near_overlap.h"
#include "detectors/personal_data.h"
#include "detectors/refusal.h"
#include "detectors/verbatim_overlap.h"

namespace ringfort::detectors {

// Adding one = its three files, one include and one line here.
std::vector<DetectorEntry> Family() {
  return {
      Refusal(), Compliance(), VerbatimOverlap(), NearOverlap(), PersonalData(),
  };
}

}  // namespace ringfort::detectors
