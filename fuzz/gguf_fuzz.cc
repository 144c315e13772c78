// GGUF metadata and tensor tables: facts stay inside the input, whatever it says.

#include <cstdint>
#include <cstdlib>

#include "formats/weights/gguf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = ringfort::formats::ReadGguf({data, size});
  if (facts.data_end > size || facts.values.size() > size || facts.tensors.size() > size) std::abort();
  for (const auto& value : facts.values)
    if (value.offset > size || value.text.size() > size) std::abort();
  return 0;
}
