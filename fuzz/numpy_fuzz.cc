// NumPy headers and Python literals.

#include <cstdint>
#include <cstdlib>

#include "formats/weights/numpy_array.h"
#include "formats/weights/python_literal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes{data, size};
  const auto facts = ringfort::formats::ReadNumpy(bytes);
  if (facts.data_begin > size || facts.data_end > size) std::abort();
  (void)ringfort::formats::ParsePythonLiteral(ringfort::AsText(bytes));
  return 0;
}
