#include <cstdlib>

#include "formats/archive/tar_archive.h"

// Reading ends, and no member holds more than the file does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringfort::MemoryStream stream(ringfort::ByteView(data, size));
  ringfort::formats::TarReader reader(stream);
  std::size_t members = 0;
  while (reader.Next()) {
    if (++members > size / 512 + 1) std::abort();
    if (reader.content().Skip(~std::uint64_t{0}) > size) std::abort();
  }
  return 0;
}
