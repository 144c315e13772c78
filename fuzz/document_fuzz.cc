#include <cstddef>
#include <cstdint>
#include <string_view>

#include "documents/document.h"
#include "documents/table.h"

// The first byte says which reader gets the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ringfort::DocumentLimits limits{.bytes = 1 << 20, .depth = 32, .values = 10'000};
  switch (data[0] % 4) {
    case 0: (void)ringfort::ReadYaml(text, "x", limits); break;
    case 1: (void)ringfort::ReadJson(text, "x", limits); break;
    case 2: (void)ringfort::ReadCommaSeparated(text, "x"); break;
    default: (void)ringfort::ReadTabSeparated(text, "x"); break;
  }
  return 0;
}
