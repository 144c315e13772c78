#include <cstdlib>

#include "formats/archive/zip_archive.h"

// Whatever the headers claim, every offset that comes out lies inside the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes(data, size);
  const ringfort::formats::ZipFacts facts = ringfort::formats::ReadZip(bytes, 1000);
  for (const auto& member : facts.members)
    if (member.local.present && (member.data > size || member.end > size || member.end < member.data)) std::abort();
  for (const auto& gap : facts.gaps)
    if (gap.size == 0 || gap.offset + gap.size > size) std::abort();
  (void)ringfort::formats::EndsAsZip(bytes);
  return 0;
}
