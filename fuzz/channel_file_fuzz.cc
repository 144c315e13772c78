#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "information_flow/capacity.h"
#include "information_flow/channel_file.h"

// Whatever a channel's text holds: no crash, and of small channels two ends in order.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::information_flow;  // NOLINT
  const auto file = ReadChannel({reinterpret_cast<const char*>(data), size}, "channel");
  if (!file.ok() || file.value().channel.entries().size() > 64) return 0;
  const Capacity capacity = FindCapacity(file.value().channel, {.tolerance = 1e-6, .iterations = 200});
  if (!(capacity.lower >= 0 && capacity.lower <= capacity.upper)) std::abort();
  return 0;
}
