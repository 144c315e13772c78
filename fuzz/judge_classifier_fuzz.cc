#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "judges/classifier_file.h"

// Whatever a file of weights holds: no crash, and what is read comes back when written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::judges;  // NOLINT
  const auto read = ReadClassifier(std::string_view(reinterpret_cast<const char*>(data), size), "w");
  if (!read.ok()) return 0;
  const std::string written = WriteClassifier(read.value());
  const auto again = ReadClassifier(written, "w");
  if (!again.ok() || WriteClassifier(again.value()) != written) std::abort();
  return 0;
}
