#include <cstddef>
#include <cstdint>
#include <string_view>

#include "games/breaker_file.h"

// Reads windows of telemetry in either form and judges them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = ringfort::games::ReadBreaker(text, "x");
  if (!file.ok() || file.value().windows.empty()) return 0;
  const auto decided = ringfort::games::JudgeBreaker({1, 1, 2}, file.value().windows);
  if (!decided.ok() || decided.value().windows.size() != file.value().windows.size()) __builtin_trap();
  return 0;
}
