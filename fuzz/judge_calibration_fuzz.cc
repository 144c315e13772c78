#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "judges/calibration_file.h"

// Whatever a file of error rates holds: no crash, and counts that an interval can bear.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;  // NOLINT
  const auto read =
      judges::ReadCalibratedCounts(std::string_view(reinterpret_cast<const char*>(data), size), "f", "compliance", "1");
  if (!read.ok()) return 0;
  const auto estimate = statistics::LangReiczigelInterval(3, 10, read.value().counts);
  if (estimate.ok() && !(estimate.value().interval.lower <= estimate.value().interval.upper)) std::abort();
  return 0;
}
