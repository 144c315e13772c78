#include <cstddef>
#include <cstdint>

#include "formats/graph/graph_kind.h"
#include "formats/graph/onnx_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes(data, size);
  (void)ringfort::formats::LooksLikeOnnx(bytes, size);
  (void)ringfort::formats::ReadOnnx(bytes);
  return 0;
}
