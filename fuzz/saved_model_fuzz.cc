#include <cstddef>
#include <cstdint>

#include "formats/graph/graph_kind.h"
#include "formats/graph/saved_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes(data, size);
  (void)ringfort::formats::LooksLikeSavedModel(bytes, size);
  (void)ringfort::formats::LooksLikeKerasMetadata(bytes, size);
  (void)ringfort::formats::ReadSavedModel(bytes);
  (void)ringfort::formats::ReadGraphDef(bytes);
  (void)ringfort::formats::ReadKerasMetadata(bytes);
  return 0;
}
