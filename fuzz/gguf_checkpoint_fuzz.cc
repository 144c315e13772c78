#include <cstdint>
#include <cstdlib>

#include "engines/checkpoint/gguf_checkpoint.h"

// Whatever a GGUF file holds: no crash, and a model that is taken is whole, comes back when it
// is written, and cuts texts. An adapter comes back as well.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;           // NOLINT
  using namespace ringfort::engines;  // NOLINT
  const ByteView bytes(data, size);
  if (const auto adapter = ReadGgufAdapter(bytes); adapter.ok()) {
    const std::string written = WriteGgufAdapter(adapter.value());
    const auto again = ReadGgufAdapter(AsBytes(written));
    if (!again.ok() || WriteGgufAdapter(again.value()) != written) std::abort();
  }
  const auto read = ReadGgufCheckpoint(bytes);
  if (!read.ok()) return 0;
  if (!CheckCheckpoint(read.value()).ok()) std::abort();
  const auto written = WriteGgufCheckpoint(read.value());
  if (!written.ok()) std::abort();
  const auto again = ReadGgufCheckpoint(AsBytes(written.value()));
  if (!again.ok() || again.value().tensors != read.value().tensors) std::abort();
  (void)read.value().vocabulary.Tokenize(AsText(bytes.first(size < 200 ? size : 200)));
  return 0;
}
