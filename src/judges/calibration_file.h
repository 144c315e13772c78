#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "statistics/corrected_rate.h"

// What `ringfort judge calibrate --format json` wrote, read back for correcting rates:
//
//   {"schema": "ringfort.judge_calibration/1", "judges": [{"name": "compliance",
//     "version": "1", "method": "as it is", "found": 90, "missed": 10, "passed": 80,
//     "false_alarms": 20, ...}]}

namespace ringfort::judges {

struct CalibratedCounts {
  statistics::JudgeCounts counts{};
  std::string method{};  // how answers and training were kept apart
};

// The counts of the judge of that name and version; `model` is that which it asks, by its
// digest or `engine:name`, empty for a judge that asks none: with another model it is another
// judge. Errors: kUnavailable where the file does not speak of it; kInvalidInput (`name: ...`) for no JSON, another
// schema, or a count that is none or beyond 10^9.
Result<CalibratedCounts> ReadCalibratedCounts(std::string_view text, std::string_view name, std::string_view judge,
                                              std::string_view version, std::string_view model = {});

}  // namespace ringfort::judges
