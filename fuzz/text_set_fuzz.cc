#include <cstdint>

#include "datasets/text_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::datasets;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const TextUnit unit = (data[0] & 1) == 0 ? TextUnit::kLine : TextUnit::kParagraph;
  const auto set = ParseTextSet(bytes, (data[0] & 2) == 0 ? "a.txt" : "a.jsonl", unit, {.samples = 100});
  if (!set.ok()) return 0;
  for (const TextSample& sample : set.value().samples)
    if (sample.text.empty() || sample.digest.size() != 64) __builtin_trap();
  return 0;
}
