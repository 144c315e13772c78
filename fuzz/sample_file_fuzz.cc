#include <cstdint>

#include "campaign/sample_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::campaign;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto samples =
      ParseSamples(bytes, (data[0] & 1) == 0 ? "a.jsonl" : "a.txt", {.samples = 100, .candidates = 100});
  if (!samples.ok()) return 0;
  for (const LabeledSample& sample : samples.value())
    if (sample.digest.size() != 64 || sample.label.empty() || sample.sample.id.empty()) __builtin_trap();
  return 0;
}
