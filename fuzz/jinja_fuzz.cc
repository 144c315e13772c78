#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "formats/text/jinja_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)ringfort::formats::ReadJinja(ringfort::AsText({data, size}));
  return 0;
}
