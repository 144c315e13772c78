#include <cstddef>
#include <cstdint>

#include "formats/graph/graph_kind.h"
#include "formats/graph/tflite_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes(data, size);
  (void)ringfort::formats::LooksLikeTflite(bytes, size);
  (void)ringfort::formats::ReadTflite(bytes);
  return 0;
}
