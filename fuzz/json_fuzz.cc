#include <cstdint>

#include "scanners/artifact/text/json_inspector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::scanners;
  Inspection inspection("fuzz.json", Mode::kFull, {}, {});
  InspectJson({"fuzz.json", {data, size}}, inspection);
  return 0;
}
