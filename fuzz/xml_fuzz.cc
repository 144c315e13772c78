#include <cstdint>

#include "scanners/artifact/text/xml_inspector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::scanners;
  Inspection inspection("fuzz.xml", Mode::kFull, {}, {});
  InspectXml({"fuzz.xml", {data, size}}, inspection);
  return 0;
}
