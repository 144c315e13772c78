// safetensors headers: facts stay inside the input, whatever it says.

#include <cstdint>
#include <cstdlib>

#include "formats/weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = ringfort::formats::ReadSafetensors({data, size});
  if (facts.data_end > size || facts.faults.size() > ringfort::formats::kMostSafetensorsFaults) std::abort();
  return 0;
}
