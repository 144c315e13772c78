#include <cstdint>

#include "datasets/token_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::datasets;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto set = ParseTokenSet(bytes, (data[0] & 1) == 0 ? "a.txt" : "a.jsonl", {.samples = 100});
  if (!set.ok()) return 0;
  for (const TokenSample& sample : set.value()) {
    if (sample.tokens.empty() || sample.id.empty()) __builtin_trap();
    for (const std::int32_t token : sample.tokens)
      if (token < 0) __builtin_trap();
  }
  return 0;
}
