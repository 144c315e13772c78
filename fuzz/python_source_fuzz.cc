#include <cstdint>

#include "base/bytes.h"
#include "formats/text/python_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)ringfort::formats::ReadPython(ringfort::AsText({data, size}));
  return 0;
}
